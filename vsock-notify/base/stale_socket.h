/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes a stale socket file: a process that was killed left it, and the next process cannot bind there. A socket that a
 * process has bound, or a file of another type, is never removed.
 *
 * The kernel's table tells whether a process has it (socket_table.h). The table has only one network namespace, so if the
 * socket is not listed, a connect(2) decides. After confinement no connection can be made; then the caller has to know
 * that the process has ended.
 */
#ifndef STALE_SOCKET_H
#define STALE_SOCKET_H

#include <stdio.h>

/*
 * For set-up: removes path if it is a stale unix stream socket. Returns 1 if it was removed, 0 if there is no file,
 * -EADDRINUSE if a process has it bound or if that is unknown, -EEXIST if it is not a socket, or another negative errno. The
 * caller makes sure that no process binds there meanwhile.
 */
int stale_socket_remove(const char *path);

/*
 * For clean-up, after the process that had bound path has ended: the same, without a connect(2) and without netlink. table:
 * from socket_table_open(). NULL: nothing is removed.
 */
int stale_socket_remove_ended(const char *path, FILE *table);

#endif
