/* SPDX-License-Identifier: Apache-2.0 */
/* Removes socket files that killed processes left (see stale_socket.h). */
#include "stale_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "fd.h"
#include "socket_table.h"

/* Returns 1 if path is a socket, 0 if there is no file, or a negative errno. */
static int look(const char *path)
{
	struct stat file;

	if (lstat(path, &file) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISSOCK(file.st_mode) ? 1 : -EEXIST;
}

/* Whether a process listens at path, which is connected to. */
static bool answers(const char *path)
{
	CLEANUP_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct address address;

	if (fd < 0 || address_from_path(path, &address) < 0)
		return true;
	/* EAGAIN: the listener's backlog is full. Only ECONNREFUSED shows that nothing listens. */
	return connect(fd, &address.any, address.length) == 0 || errno != ECONNREFUSED;
}

static bool is_live(const char *path)
{
	FILE *table = socket_table_open();
	bool listed = table && socket_table_has(table, path, true);

	socket_table_close(&table);
	return listed || answers(path);
}

int stale_socket_remove(const char *path)
{
	int r = look(path);

	if (r <= 0)
		return r;
	if (is_live(path))
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 1;
}

int stale_socket_remove_ended(const char *path, FILE *table)
{
	int r = look(path);

	if (r <= 0)
		return r;
	if (!table || socket_table_has(table, path, false))
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 1;
}
