/* SPDX-License-Identifier: Apache-2.0 */
/* A private folder for a vsock socket (see runtime_dir.h). */
#include "runtime_dir.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	if (given && *given)
		return set_socket(dir, given, (int)strcspn(given, ":"), "vsock");
	if (pretend)
		return set_socket(dir, parent_folder(), INT_MAX, "vsock-notify.vsock");
	r = make_folder(dir, failure);
	return r < 0 ? r : set_socket(dir, dir->made, INT_MAX, "vsock");
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
