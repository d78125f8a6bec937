/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes a stale socket file: a process that was killed left it, and the next process cannot bind there. A socket that a
 * process has bound, or a file of another type, is never removed.
 *
 * The kernel's table tells whether a process has it (socket_table.h). The table has only one network namespace, so if the
 * socket is not listed, a connect(2) decides. After confinement no connection can be made. Then only a socket is removed
 * that was not there before the process started which has ended: what was there and was not stale is another process's.
 */
#ifndef STALE_SOCKET_H
#define STALE_SOCKET_H

#include <stdio.h>
#include <sys/types.h>

/*
 * For set-up: removes path if it is a stale unix stream socket. Returns 1 if it was removed, 0 if there is no file,
 * -EADDRINUSE if a process has it bound or if that is unknown, -EEXIST if it is not a socket, or another negative errno. The
 * caller makes sure that no process binds there meanwhile.
 */
int stale_socket_remove(const char *path);

/* A socket that a process of ours will bind, from before its start to after its end. Zero-initialise. */
struct stale_socket {
	const char *path; /* the caller's; NULL: none */
	dev_t device;     /* of the file that was there before and is another process's */
	ino_t inode;      /* likewise; 0: there was none */
};

/* Before the process is started: removes path as stale_socket_remove() does, and notes what is there still. */
int stale_socket_prepare(struct stale_socket *socket, const char *path);

/*
 * After the process has ended: removes what it left, without a connect(2) and without netlink. table: from
 * socket_table_open(). Returns the same as stale_socket_remove(); -EADDRINUSE also if table is NULL.
 */
int stale_socket_clean_up(const struct stale_socket *socket, FILE *table);

#endif
