/* SPDX-License-Identifier: Apache-2.0 */
/* The path of vsock-notify-libvirt. The Makefile defines LIBVIRT_PROGRAM, in the build tree and for the installed plugin. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

#define ORIGIN "$ORIGIN"

const char path_of_program[] = LIBVIRT_PROGRAM;

char *program_path(void)
{
	const char *path = path_of_program;
	char plugin[PATH_MAX];
	char *expanded;
	Dl_info info;

	if (strncmp(path, ORIGIN, strlen(ORIGIN)) != 0)
		return strdup(path);
	/* A plugin has no other way to find its own file. */
	if (dladdr(path_of_program, &info) == 0 || !info.dli_fname) {
		errno = ENOENT;
		return NULL;
	}
	if (!realpath(info.dli_fname, plugin))
		return NULL;
	*strrchr(plugin, '/') = '\0';
	if (asprintf(&expanded, "%s%s", plugin, path + strlen(ORIGIN)) < 0)
		return NULL;
	return expanded;
}
