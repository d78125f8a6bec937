/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket file that a killed process left: nobody listens there, and the next one cannot bind. A live
 * one, or a file that is no socket, is never touched.
 */
#ifndef STALE_SOCKET_H
#define STALE_SOCKET_H

/*
 * Removes path where it is a stale unix stream socket. Returns 1 where it did; 0 where there is
 * nothing; -EADDRINUSE where somebody listens (or it cannot be told), -EEXIST where it is no socket, or
 * what the system said. The caller sees to it that nobody binds meanwhile.
 */
int stale_socket_remove(const char *path);

#endif
