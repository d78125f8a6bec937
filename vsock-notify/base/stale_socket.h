/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes a stale socket file: a process that was killed left it, and the next process cannot bind there. A socket where a
 * process listens, or a file of another type, is never removed.
 */
#ifndef STALE_SOCKET_H
#define STALE_SOCKET_H

/*
 * Returns a socket for stale_socket_remove(), or -1 with errno set. The caller closes it. It is made before confinement,
 * after which no socket can be made.
 */
int stale_socket_probe(void);

/*
 * Removes path if it is a stale unix stream socket. Returns 1 if it was removed, 0 if there is no file, -EADDRINUSE if a
 * process listens there or if that is unknown (as it is if probe_fd is negative), -EEXIST if it is not a socket, or another
 * negative errno. The caller makes sure that no process binds there meanwhile. probe_fd can be used once.
 */
int stale_socket_remove(const char *path, int probe_fd);

#endif
