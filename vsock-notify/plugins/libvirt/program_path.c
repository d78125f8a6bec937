/* SPDX-License-Identifier: Apache-2.0 */
/* The path of vsock-notify-libvirt. The Makefile defines LIBVIRT_PROGRAM, in the build tree and for the installed plugin. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

#define ORIGIN "$ORIGIN"

const char path_of_program[] = LIBVIRT_PROGRAM;

int program_path(char *path)
{
	const char *rest = path_of_program;
	Dl_info info;

	*path = '\0';
	if (strncmp(rest, ORIGIN, strlen(ORIGIN)) == 0) {
		/* A plugin has no other way to find its own file. */
		if (dladdr(path_of_program, &info) == 0 || !info.dli_fname)
			return -ENOENT;
		if (!realpath(info.dli_fname, path))
			return -errno;
		*strrchr(path, '/') = '\0';
		rest += strlen(ORIGIN);
	}
	if (strlen(path) + strlen(rest) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcat(path, rest);
	return 0;
}
