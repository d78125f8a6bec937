/* SPDX-License-Identifier: Apache-2.0 */
/* A private folder for a vsock socket (see runtime_dir.h). */
#include "runtime_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/memory.h"

static const char *parent_folder(void)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");

	return parent && *parent ? parent : "/tmp";
}

static int make_folder(struct runtime_dir *dir, struct failure *failure)
{
	CLEANUP_FREE char *path = NULL;

	if (asprintf(&path, "%s/vsock-notify-XXXXXX", parent_folder()) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (!mkdtemp(path))
		return failure_set(failure, -errno,
		                   "cannot make a folder for the vsock socket, %s: %s: set "
		                   "$XDG_RUNTIME_DIR, or give the VMM a --vsock",
		                   path, strerror(errno));
	dir->made = path;
	path = NULL;
	return 0;
}

static int set_socket(struct runtime_dir *dir, const char *folder, int length, const char *name)
{
	if (asprintf(&dir->socket, "%.*s/%s", length, folder, name) >= 0)
		return 0;
	dir->socket = NULL;
	return -ENOMEM;
}

int runtime_dir_make(struct runtime_dir *dir, bool pretend, struct failure *failure)
{
	const char *given = getenv("RUNTIME_DIRECTORY");
	int r;

	*dir = (struct runtime_dir){0};
	/* systemd.exec(5) separates several directories by colons. The first one is used. */
	dir->given = given && *given;
	if (dir->given)
		return set_socket(dir, given, (int)strcspn(given, ":"), "vsock");
	if (pretend)
		return set_socket(dir, parent_folder(), INT_MAX, "vsock-notify.vsock");
	r = make_folder(dir, failure);
	return r < 0 ? r : set_socket(dir, dir->made, INT_MAX, "vsock");
}

/*
 * If this is not root, the launcher cannot change the user either. The folder is in $XDG_RUNTIME_DIR, which may be a user's
 * (sudo -E): no link is followed.
 */
static void give_folder(const char *path, uid_t user)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fchown(fd, user, (gid_t)-1) < 0)
		log_debug("%s stays ours: %s", path, strerror(errno));
}

static bool may_write(const char *folder, uid_t user)
{
	struct stat status;

	return user == 0 || stat(folder, &status) < 0 || status.st_uid == user ||
	       (status.st_mode & (S_IWGRP | S_IWOTH));
}

int runtime_dir_give(const struct runtime_dir *dir, uid_t user, const char *name,
                     struct failure *failure)
{
	CLEANUP_FREE char *folder = NULL;

	if (dir->made)
		give_folder(dir->made, user);
	if (!dir->given)
		return 0;
	folder = strdup(dir->socket);
	if (!folder)
		return -ENOMEM;
	*strrchr(folder, '/') = '\0';
	if (may_write(folder, user))
		return 0;
	return failure_set(
		failure, -EINVAL,
		"user %s cannot make the vsock socket in RuntimeDirectory= %s: give the VMM "
		"a --vsock with a socket in a folder of that user",
		name, folder);
}

void runtime_dir_remove(struct runtime_dir *dir)
{
	if (dir->made) {
		if (dir->socket)
			unlink(dir->socket);
		rmdir(dir->made);
	}
	free(dir->socket);
	free(dir->made);
	*dir = (struct runtime_dir){0};
}
