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

bool plugin_path_each(bool (*visit)(const char *folder, void *user), void *user)
{
	const char *path = getenv("VSOCK_NOTIFY_PLUGIN_PATH");
	CLEANUP_FREE char *folders = path && *path ? strdup(path) : path_expand(path_of_plugins);
	char *rest = folders;
	char *folder;

	while ((folder = strsep(&rest, ":")))
		if (*folder && visit(folder, user))
			return true;
	return false;
}

struct search {
	const char *name;
	char *found;
};

static bool look_in(const char *folder, void *user)
{
	struct search *search = user;

	if (asprintf(&search->found, "%s/%s" PLUGIN_SUFFIX, folder, search->name) < 0) {
		search->found = NULL;
		return true;
	}
	if (access(search->found, F_OK) == 0)
		return true;
	free(search->found);
	search->found = NULL;
	errno = ENOENT;
	return false;
}

char *plugin_path_find(const char *name)
{
	struct search search = {.name = name};

	if (strchr(name, '/'))
		return strdup(name);
	errno = ENOENT; /* if there is no folder at all */
	plugin_path_each(look_in, &search);
	return search.found;
}
