/* SPDX-License-Identifier: Apache-2.0 */
/* Removes socket files that killed processes left (see stale_socket.h). */
#include "stale_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"

/* Whether a process listens at address. fd: a socket that is connected to it. */
static bool is_live(const struct address *address, int fd)
{
	/* EAGAIN: the listener's backlog is full. Only ECONNREFUSED shows that nothing listens. */
	return connect(fd, &address->any, address->length) == 0 || errno != ECONNREFUSED;
}

int stale_socket_probe(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int stale_socket_remove(const char *path, int probe_fd)
{
	struct address address;
	struct stat file;
	int r = address_from_path(path, &address);

	if (r < 0)
		return r;
	if (lstat(path, &file) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(file.st_mode))
		return -EEXIST;
	if (is_live(&address, probe_fd))
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 1;
}
