/* SPDX-License-Identifier: Apache-2.0 */
/* A private folder for a vsock socket (see runtime_dir.h). */
#include "runtime_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define SOCKET_NAME "vsock"

static int make_folder(struct runtime_dir *dir, bool pretend)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");

	if (asprintf(&dir->made, "%s/vsock-notify-XXXXXX", parent && *parent ? parent : "/tmp") <
	    0) {
		dir->made = NULL;
		return -ENOMEM;
	}
	if (!pretend && !mkdtemp(dir->made)) {
		int r = -errno;

		log_error("cannot make a folder for the vsock socket, %s: %s: set "
		          "$XDG_RUNTIME_DIR, or "
		          "give the VMM a --vsock",
		          dir->made, strerror(errno));
		free(dir->made);
		dir->made = NULL;
		return r;
	}
	return 0;
}

int runtime_dir_make(struct runtime_dir *dir, bool pretend)
{
	const char *given = getenv("RUNTIME_DIRECTORY");
	int r = 0;

	*dir = (struct runtime_dir){0};
	if (!given || !*given) {
		r = make_folder(dir, pretend);
		if (r < 0)
			return r;
		given = dir->made;
	}
	/* Of several, the first: systemd.exec(5) separates them by colons. */
	if (asprintf(&dir->socket, "%.*s/" SOCKET_NAME, (int)strcspn(given, ":"), given) < 0) {
		dir->socket = NULL;
		r = -ENOMEM;
	}
	return r;
}

void runtime_dir_remove(struct runtime_dir *dir)
{
	if (dir->made) {
		unlink(dir->socket);
		rmdir(dir->made);
	}
	free(dir->socket);
	free(dir->made);
	*dir = (struct runtime_dir){0};
}
