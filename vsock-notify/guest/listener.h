/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening socket that the VMM connects to, <vsock socket>_<port>.
 *
 * A socket file may be left over from a process that was killed, or be in use. Which, a lock tells
 * (PATH.lock, flock(2), held as long as the socket is) among processes of this program, and a
 * connect(2) for all others: a file nobody listens at is replaced, a live one never. The file gets
 * its mode at bind(2), not after, so that nobody can connect who should not. At exit both files are
 * removed, unless they are not ours any more.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * cloud-hypervisor up to 53 connects to the socket with a blocking connect(2) in the thread of its
 * vsock device: with a full backlog all of the guest's vsock stands still until one is accepted; other
 * VMMs refuse the guest. So it has room for more than a guest's queues have at once. Not for more than
 * that: who connects behind a flood waits for all that are queued before, 30 us each.
 */
#define LISTENER_BACKLOG 512

struct listener_options {
	mode_t mode;
	bool has_group;
	gid_t group;
};

struct listener {
	int fd;
	int lock_fd; /* -1 for an inherited socket: its owner looks after the file */
	char *path;  /* likewise NULL */
	char *lock_path;
	dev_t device; /* of the socket file */
	ino_t inode;
};

/* Binds path and listens. Returns 0, or a negative errno after an error line. */
int listener_open(struct listener *listener, const char *path,
                  const struct listener_options *options);

/*
 * Takes the socket that a service manager passed (sd_listen_fds(3): $LISTEN_FDS, $LISTEN_PID), and
 * removes these variables from the environment. Returns 1 where there was one, 0 where there was
 * none, or a negative errno after an error line (more than one; not a listening unix stream socket).
 */
int listener_inherit(struct listener *listener);

/* Stops listening and removes the files. */
void listener_close(struct listener *listener);

#endif
