/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the kernel whether a unix socket is bound to a file (sock_diag(7), UNIX_DIAG_VFS). */
#ifndef SOCKET_FILE_H
#define SOCKET_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/*
 * socket: the socket's own inode number, as in /proc/net/unix. Returns false also if the kernel cannot be asked, because
 * netlink is forbidden, or if it numbers devices in another way than stat(2), as on btrfs.
 */
bool socket_is_bound_to(uint32_t socket, const struct stat *file);

#endif
