/* SPDX-License-Identifier: Apache-2.0 */
/* Where vsock-notify-libvirt is; the Makefile defines LIBVIRT_PROGRAM, once for the tree and once for the installed. */
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
	/* A plugin has no other way to know its own file. */
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
