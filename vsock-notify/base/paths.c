/* SPDX-License-Identifier: Apache-2.0 */
/* The paths of the other parts of vsock-notify. The Makefile defines PLUGIN_DIR and the PROGRAMs. */
#include "paths.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN "$ORIGIN"

const char path_of_plugins[] = PLUGIN_DIR;
const char path_of_run[] = RUN_PROGRAM;
const char path_of_show[] = SHOW_PROGRAM;
const char path_of_filter[] = FILTER_PROGRAM;

char *path_expand(const char *path)
{
	char program[PATH_MAX];
	char *expanded;
	ssize_t n;

	if (strncmp(path, ORIGIN, strlen(ORIGIN)) != 0)
		return strdup(path);
	n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (n < 0)
		return NULL;
	program[n] = '\0';
	*strrchr(program, '/') = '\0';
	return asprintf(&expanded, "%s%s", program, path + strlen(ORIGIN)) < 0 ? NULL : expanded;
}
