/* SPDX-License-Identifier: Apache-2.0 */
/* Where plugins are (rules: plugin_path.h). */
#include "plugin_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/paths.h"

char *plugin_path_folders(void)
{
	const char *path = getenv("VSOCK_NOTIFY_PLUGIN_PATH");

	return path && *path ? strdup(path) : path_expand(path_of_plugins);
}

char *plugin_path_next(char **folders)
{
	char *folder;

	do
		folder = strsep(folders, ":");
	while (folder && !*folder);
	return folder;
}

char *plugin_path_find(const char *name)
{
	CLEANUP_FREE char *folders = NULL;
	char *rest, *folder, *file;

	if (strchr(name, '/'))
		return strdup(name);
	folders = rest = plugin_path_folders();
	while ((folder = plugin_path_next(&rest))) {
		if (asprintf(&file, "%s/%s" PLUGIN_SUFFIX, folder, name) < 0)
			return NULL;
		if (access(file, F_OK) == 0)
			return file;
		free(file);
	}
	errno = ENOENT;
	return NULL;
}
