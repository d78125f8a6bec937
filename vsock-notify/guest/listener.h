/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening socket that the VMM connects to, <vsock socket>_<port>.
 *
 * A socket file at this path may be in use, or left over from a process that was killed. Processes of this program tell by a
 * lock (PATH.lock, flock(2), held as long as the socket); for other programs the kernel's table of sockets tells, or a
 * connect(2) (base/stale_socket.h). A file at which no process listens is replaced, a live one never. The file gets its mode
 * at bind(2) and not later, so there is no moment in which others can connect. At exit both files are removed, unless
 * another process has replaced them.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/failure.h"

/*
 * The listen backlog. cloud-hypervisor up to 53 connects with a blocking connect(2) in the thread of its vsock device: while
 * the backlog is full, all of the guest's vsock stands still; other VMMs refuse the guest. So it has room for more
 * connections than a guest's queues can bring at once. It has no more room than that, because a guest that connects behind
 * a flood waits for all connections before it, 30 us each.
 */
#define LISTENER_BACKLOG 512

struct listener_options {
	mode_t mode;
	bool has_group;
	gid_t group;
	bool has_owner; /* the VMM has another user, and connects as that one */
	uid_t owner;
};

struct listener {
	int fd;
	int lock_fd; /* -1 for an inherited socket, whose owner looks after the file */
	char *path;  /* NULL for an inherited socket */
	char *lock_path;
	dev_t device; /* of the socket file */
	ino_t inode;
};

/* Binds path and listens. Returns 0, or a negative errno with the reason in *failure. */
int listener_open(struct listener *listener, const char *path,
                  const struct listener_options *options, struct failure *failure);

/* Stops listening and removes the files. */
void listener_close(struct listener *listener);

#endif
