/* SPDX-License-Identifier: Apache-2.0 */
/* A private folder for a vsock socket (see runtime_dir.h). */
#include "runtime_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

#define SOCKET_NAME "vsock"

static int make_folder(struct runtime_dir *dir, bool pretend, struct failure *failure)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");
	CLEANUP_FREE char *path = NULL;

	if (asprintf(&path, "%s/vsock-notify-XXXXXX", parent && *parent ? parent : "/tmp") < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (!pretend && !mkdtemp(path))
		return failure_set(failure, -errno,
		                   "cannot make a folder for the vsock socket, %s: %s: set "
		                   "$XDG_RUNTIME_DIR, or give the VMM a --vsock",
		                   path, strerror(errno));
	dir->made = path;
	path = NULL;
	return 0;
}

int runtime_dir_make(struct runtime_dir *dir, bool pretend, struct failure *failure)
{
	const char *given = getenv("RUNTIME_DIRECTORY");
	int r;

	*dir = (struct runtime_dir){0};
	if (!given || !*given) {
		r = make_folder(dir, pretend, failure);
		if (r < 0)
			return r;
		given = dir->made;
	}
	/* systemd.exec(5) separates several directories by colons. The first one is used. */
	if (asprintf(&dir->socket, "%.*s/" SOCKET_NAME, (int)strcspn(given, ":"), given) < 0) {
		dir->socket = NULL;
		return -ENOMEM;
	}
	return 0;
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
