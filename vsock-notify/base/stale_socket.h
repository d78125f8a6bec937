/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket file that a killed process left: nobody listens there, and the next one cannot bind. A live
 * one, or a file that is no socket, is never touched.
 */
#ifndef STALE_SOCKET_H
#define STALE_SOCKET_H

/* A socket to find out with: made before confinement, which takes that away. -1 with errno, or the caller's. */
int stale_socket_probe(void);

/*
 * Removes path where it is a stale unix stream socket. Returns 1 where it did; 0 where there is
 * nothing; -EADDRINUSE where somebody listens (or it cannot be told, as without a probe_fd), -EEXIST where it is no socket, or
 * what the system said. The caller sees to it that nobody binds meanwhile. probe_fd serves once.
 */
int stale_socket_remove(const char *path, int probe_fd);

#endif
