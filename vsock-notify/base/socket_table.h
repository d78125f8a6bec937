/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells whether a process has a unix socket bound at a path, without connecting to it: a VMM may crash, or count a guest,
 * if somebody connects only to find out.
 *
 * The kernel lists the bound sockets of a network namespace in /proc/net/unix, with the path that bind(2) was given:
 *
 *   absolute path   It is compared by device and inode, so links in the path do not matter.
 *   relative path   Only the process that bound it knows where that is. So the kernel is asked for the socket's file
 *                   (sock_diag(7), UNIX_DIAG_VFS), as for a path in another root (chroot(2)). After confinement, and where
 *                   netlink is forbidden, it is not asked.
 *
 * So a socket that is listed has a process, but one that is not listed may have a process in another network namespace.
 */
#ifndef SOCKET_TABLE_H
#define SOCKET_TABLE_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Opens the table of this process's network namespace. It can be read again and again, also after confinement. Returns
 * NULL with errno set if /proc does not have it. The caller closes it with socket_table_close().
 */
FILE *socket_table_open(void);

/* Closes *table unless it is NULL, and sets it to NULL. */
void socket_table_close(FILE **table);

/*
 * Whether a process has the socket file path bound: it listens there, or will, or takes datagrams. may_ask: netlink may be
 * used.
 */
bool socket_table_has(FILE *table, const char *path, bool may_ask);

/*
 * Whether path is there, and a process has bound a socket by this very spelling of it. If it is relative, that process may have
 * another working directory: so this is weaker than socket_table_has(), and works without netlink.
 */
bool socket_table_has_name(FILE *table, const char *path);

#endif
