/* SPDX-License-Identifier: Apache-2.0 */
/* The listening socket (theory: listener.h). */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/address.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/same_file.h"
#include "base/stale_socket.h"

/* Sets the failure for a system call that has failed with errno. */
static int fail(struct failure *failure, const char *doing, const char *path)
{
	int error = errno;

	return failure_set(failure, -error, "cannot %s %s: %s", doing, path, strerror(error));
}

/* Whether path still names the file that fd has open. */
static bool still_names(const char *path, int fd)
{
	struct stat open_file, named_file;

	return fstat(fd, &open_file) == 0 && stat(path, &named_file) == 0 &&
	       is_same_file(&open_file, &named_file);
}

/* Takes the lock. Its holder removes the file before it unlocks it; if the file has gone meanwhile, tries again. */
static int take_lock(struct listener *listener, struct failure *failure)
{
	do {
		close_fd(&listener->lock_fd);
		listener->lock_fd =
			open(listener->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (listener->lock_fd < 0)
			return fail(failure, "create", listener->lock_path);
		if (flock(listener->lock_fd, LOCK_EX | LOCK_NB) < 0) {
			close_fd(&listener->lock_fd);
			return failure_set(failure, -EADDRINUSE,
			                   "%s is in use: another vsock-notify holds %s; stop that "
			                   "one or choose another socket or --port",
			                   listener->path, listener->lock_path);
		}
	} while (!still_names(listener->lock_path, listener->lock_fd));
	return 0;
}

static int remove_stale(const struct listener *listener, struct failure *failure)
{
	int r = stale_socket_remove(listener->path);

	if (r == -EEXIST)
		return failure_set(failure, r,
		                   "%s is there and is no socket: it is left alone; remove it or "
		                   "choose another socket",
		                   listener->path);
	if (r == -EADDRINUSE)
		return failure_set(failure, r,
		                   "%s is in use: another program listens there; stop it (a socat "
		                   "in a launch script?) or choose another socket or --port",
		                   listener->path);
	if (r < 0)
		return failure_set(failure, r, "cannot remove %s: %s", listener->path,
		                   strerror(-r));
	if (r > 0)
		log_info("%s was left over, replaced", listener->path);
	return 0;
}

/* Binds so that the file has its mode from the start: the kernel gives it the socket's own mode. */
static int bind_with_mode(int fd, const struct address *address, mode_t mode)
{
	mode_t old_mask;
	int r;

	if (fchmod(fd, mode) < 0)
		return -1;
	old_mask = umask(0);
	r = bind(fd, &address->any, address->length);
	umask(old_mask);
	return r;
}

/*
 * Gives the socket its group, mode and owner. The folder may be another user's, who may put another file in the socket's place:
 * so it is looked up once, no link is followed, and nothing but a socket is given away. The group gets its mode bits last.
 */
static int set_rights(const struct listener_options *options, int file_fd)
{
	char own_path[32];

	if (options->has_group &&
	    fchownat(file_fd, "", (uid_t)-1, options->group, AT_EMPTY_PATH) < 0)
		return -1;
	/* fchmod(2) does not take a descriptor of O_PATH. */
	snprintf(own_path, sizeof(own_path), "/proc/self/fd/%d", file_fd);
	if (options->has_group && chmod(own_path, options->mode) < 0)
		return -1;
	return options->has_owner ? fchownat(file_fd, "", options->owner, (gid_t)-1, AT_EMPTY_PATH)
	                          : 0;
}

static int bind_socket(struct listener *listener, const struct address *address,
                       const struct listener_options *options, struct failure *failure)
{
	mode_t mode = options->has_group ? options->mode & 0700 : options->mode;
	CLEANUP_FD int file_fd = -1;
	struct stat file;

	if (bind_with_mode(listener->fd, address, mode) < 0)
		return fail(failure, "bind", listener->path);
	file_fd = open(listener->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (file_fd < 0 || fstat(file_fd, &file) < 0)
		return fail(failure, "look at", listener->path);
	if (!S_ISSOCK(file.st_mode))
		return failure_set(failure, -EEXIST,
		                   "%s is another file now: who else may write there?",
		                   listener->path);
	listener->device = file.st_dev;
	listener->inode = file.st_ino;
	if (set_rights(options, file_fd) < 0)
		return fail(failure, "set group and owner of", listener->path);
	return 0;
}

static int open_all(struct listener *listener, const struct listener_options *options,
                    struct failure *failure)
{
	struct address address;
	int r;

	if (address_from_path(listener->path, &address) < 0)
		return failure_set(failure, -ENAMETOOLONG,
		                   "%s is %zu bytes long: a socket's path has at most %zu",
		                   listener->path, strlen(listener->path),
		                   sizeof(address.local.sun_path) - 1);
	r = take_lock(listener, failure);
	if (r < 0)
		return r;
	r = remove_stale(listener, failure);
	if (r < 0)
		return r;
	listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0)
		return fail(failure, "make a socket for", listener->path);
	r = bind_socket(listener, &address, options, failure);
	if (r < 0)
		return r;
	if (listen(listener->fd, LISTENER_BACKLOG) < 0)
		return fail(failure, "listen at", listener->path);
	return 0;
}

int listener_open(struct listener *listener, const char *path,
                  const struct listener_options *options, struct failure *failure)
{
	int r;

	*listener = (struct listener){.fd = -1, .lock_fd = -1, .path = strdup(path)};
	if (asprintf(&listener->lock_path, "%s.lock", path) < 0)
		listener->lock_path = NULL;
	if (!listener->path || !listener->lock_path)
		r = -ENOMEM;
	else
		r = open_all(listener, options, failure);
	if (r < 0)
		listener_close(listener);
	return r;
}

static void remove_files(const struct listener *listener)
{
	struct stat file;

	if (listener->inode && lstat(listener->path, &file) == 0 &&
	    file.st_dev == listener->device && file.st_ino == listener->inode)
		unlink(listener->path);
	unlink(listener->lock_path);
}

void listener_close(struct listener *listener)
{
	if (listener->lock_fd >= 0)
		remove_files(listener);
	close_fd(&listener->fd);
	close_fd(&listener->lock_fd);
	free(listener->path);
	free(listener->lock_path);
	*listener = (struct listener){.fd = -1, .lock_fd = -1};
}
