/* SPDX-License-Identifier: Apache-2.0 */
/* Unix sockets by path, for the benchmark's programs: what fails ends the program with a sentence. */
#ifndef UNIX_SOCKET_H
#define UNIX_SOCKET_H

#include <err.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static inline struct sockaddr_un unix_address(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		errx(2, "%s: too long for a socket's path", path);
	strcpy(address.sun_path, path);
	return address;
}

static inline int unix_socket(int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static inline void unix_connect(int fd, const struct sockaddr_un *address)
{
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		err(1, "cannot connect to %s", address->sun_path);
}

#endif
