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
static int look(const char *path, struct stat *file)
{
	if (lstat(path, file) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISSOCK(file->st_mode) ? 1 : -EEXIST;
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
	struct stat file;
	int r = look(path, &file);

	if (r <= 0)
		return r;
	if (is_live(path))
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 1;
}

int stale_socket_prepare(struct stale_socket *socket, const char *path)
{
	int r = stale_socket_remove(path);
	struct stat file;

	*socket = (struct stale_socket){.path = path};
	if (look(path, &file) > 0) {
		socket->device = file.st_dev;
		socket->inode = file.st_ino;
	}
	return r;
}

static bool was_there_before(const struct stale_socket *socket, const struct stat *file)
{
	return socket->device == file->st_dev && socket->inode == file->st_ino;
}

int stale_socket_clean_up(const struct stale_socket *socket, FILE *table)
{
	struct stat file;
	int r = socket->path ? look(socket->path, &file) : 0;

	if (r <= 0)
		return r;
	if (!table || was_there_before(socket, &file) ||
	    socket_table_has(table, socket->path, false))
		return -EADDRINUSE;
	return unlink(socket->path) < 0 ? -errno : 1;
}
