/* SPDX-License-Identifier: Apache-2.0 */
/* Runtime directories (see runtime.h). */
#include "runtime.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "place.h"

#define DEPTH 2

char *runtime_path(void)
{
	const char *given = getenv("VSOCK_NOTIFY_RUNTIME_PATH");
	const char *own = getenv("XDG_RUNTIME_DIR");
	const char *common = geteuid() == 0 ? "/run" : "";
	char *path;

	if (given && *given)
		return strdup(given);
	if (!own)
		own = "";
	if (asprintf(&path, "%s%s%s", common, *common && *own ? ":" : "", own) < 0)
		return NULL;
	return path;
}

/* Is called with each folder and how deep it is below its runtime directory. Returns 0, or an error that ends the search. */
typedef int (*folder_function)(void *user, const char *folder, unsigned depth);

static bool is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/*
 * Calls found for the folder and for those below it. Symbolic links are not followed: a folder that they lead to is found
 * under its own name. A folder that cannot be opened belongs to another user.
 */
static int descend(const char *folder, unsigned depth, folder_function found, void *user)
{
	DIR *directory;
	struct dirent *entry;
	int r = found(user, folder, depth);

	if (r != 0 || depth == DEPTH)
		return r;
	directory = opendir(folder);
	while (r == 0 && directory && (entry = readdir(directory))) {
		char inner[PATH_MAX];

		if (entry->d_name[0] == '.' ||
		    (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
			continue;
		if ((size_t)snprintf(inner, sizeof(inner), "%s/%s", folder, entry->d_name) <
		            sizeof(inner) &&
		    is_folder(inner))
			r = descend(inner, depth + 1, found, user);
	}
	if (directory)
		closedir(directory);
	return r;
}

static int each_folder(folder_function found, void *user)
{
	CLEANUP_FREE char *path = runtime_path();
	char *rest = path;
	char *folder;
	int r = 0;

	if (!path)
		return -ENOMEM;
	while (r == 0 && (folder = strsep(&rest, ":")))
		if (*folder)
			r = descend(folder, 0, found, user);
	return r;
}

/* The folder may have been removed by now, or may be another user's. */
static int add_folder(void *user, const char *folder, unsigned depth)
{
	int r = folder_watch_add(user, folder);

	(void)depth;
	return r >= 0 || r == -ENOENT || r == -EACCES || r == -ENOTDIR ? 0 : r;
}

int runtime_watch(struct folder_watch *watch)
{
	return each_folder(add_folder, watch);
}

/* State files in a runtime directory itself are not VMs'. A folder that cannot be read is another user's. */
static int list_folder(void *user, const char *folder, unsigned depth)
{
	struct place place = {0};

	if (depth == 0)
		return 0;
	snprintf(place.folder, sizeof(place.folder), "%s", folder);
	return place_list(&place, user) == -ENOMEM ? -ENOMEM : 0;
}

int runtime_list(struct strv *paths)
{
	return each_folder(list_folder, paths);
}
