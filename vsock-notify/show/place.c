/* SPDX-License-Identifier: Apache-2.0 */
/* Where a state file is (see place.h). */
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/parse.h"
#include "state/state_file.h"

#define SUFFIX_LENGTH (sizeof(STATE_FILE_SUFFIX) - 1)

bool place_is_path(const char *operand)
{
	return strchr(operand, '/') != NULL;
}

static bool ends_with_suffix(const char *name, size_t length)
{
	return length > SUFFIX_LENGTH &&
	       memcmp(name + length - SUFFIX_LENGTH, STATE_FILE_SUFFIX, SUFFIX_LENGTH) == 0;
}

/* The length of what comes before "_PORT.state"; 0: name does not end like this. */
static size_t before_port(const char *name)
{
	size_t length = strlen(name);
	size_t digits;

	if (!ends_with_suffix(name, length))
		return 0;
	length -= SUFFIX_LENGTH;
	for (digits = 0; digits < length; digits++)
		if (name[length - digits - 1] < '0' || name[length - digits - 1] > '9')
			break;
	if (digits == 0 || digits == length || name[length - digits - 1] != '_')
		return 0;
	return length - digits - 1;
}

static bool ends_with_slash(const char *path)
{
	return !strrchr(path, '/')[1];
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A number after the last underscore is a port, or the end of the VMM's socket's own name. */
static bool may_name_port(const char *base)
{
	const char *underscore = strrchr(base, '_');
	uint64_t port;

	return underscore && underscore != base && parse_u64(underscore + 1, &port) == 0;
}

static bool is_there(const struct place *place, const char *base)
{
	char path[PATH_MAX + NAME_MAX + sizeof(STATE_FILE_SUFFIX) + 1];

	snprintf(path, sizeof(path), "%s/%s" STATE_FILE_SUFFIX, place->folder, base);
	return access(path, F_OK) == 0;
}

/* The folder without slashes at its end, but for the root folder. Any state file in it is meant, until a name is set. */
static int set_folder(struct place *place, const char *folder, size_t length)
{
	while (length > 1 && folder[length - 1] == '/')
		length--;
	memset(place, 0, sizeof(*place));
	if (length >= sizeof(place->folder))
		return -ENAMETOOLONG;
	memcpy(place->folder, folder, length);
	return 0;
}

static int as_folder(const char *operand, struct place *place)
{
	return set_folder(place, operand, strlen(operand));
}

/* The operand as the path of a socket or a state file, while no file says whether it ends in a port. */
static int as_file(const char *operand, struct place *place)
{
	const char *slash = strrchr(operand, '/');
	const char *base = slash + 1;
	int r = set_folder(place, operand, slash > operand ? (size_t)(slash - operand) : 1);

	if (r < 0)
		return r;
	if (strlen(base) > STATE_FILE_NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(place->name, base);
	place->whole = ends_with_suffix(base, strlen(base));
	place->may_be_port = !place->whole && may_name_port(base);
	return 0;
}

int place_of(const char *operand, struct place *place)
{
	int r;

	if (ends_with_slash(operand) || is_folder(operand))
		return as_folder(operand, place);
	r = as_file(operand, place);
	if (r < 0)
		return r;
	/* Two VMs can have these sockets: if the file of the one exists, that VM is meant. */
	if (place->may_be_port && is_there(place, place->name)) {
		strcat(place->name, STATE_FILE_SUFFIX);
		place->whole = true;
	}
	return 0;
}

bool place_of_unit(const char *operand, char path[PATH_MAX])
{
	const char *base = strrchr(operand, '/') + 1;
	const char *dot = strrchr(operand, '.');

	if (!dot || dot <= base || strcmp(dot, ".vsock") != 0)
		return false;
	return snprintf(path, PATH_MAX, "%.*s/%.*s" STATE_FILE_SUFFIX, (int)(dot - operand),
	                operand, (int)(dot - base), base) < PATH_MAX;
}

bool place_has_port(const char *name)
{
	return before_port(name) > 0;
}

bool place_has(const struct place *place, const char *name)
{
	size_t length = strlen(place->name);

	if (place->whole)
		return strcmp(name, place->name) == 0;
	if (length == 0)
		return name[0] != '.' && ends_with_suffix(name, strlen(name));
	if (strncmp(name, place->name, length) != 0)
		return false;
	return before_port(name) == length ||
	       (place->may_be_port && strcmp(name + length, STATE_FILE_SUFFIX) == 0);
}

static bool is_in(const struct place *place, const char *folder, const char *name)
{
	return strcmp(place->folder, folder) == 0 && place_has(place, name);
}

bool place_may_mean(const char *operand, const char *folder, const char *name)
{
	struct place place;
	char path[PATH_MAX], unit[PATH_MAX];

	if (!place_is_path(operand))
		return false;
	if (as_folder(operand, &place) == 0 && is_in(&place, folder, name))
		return true;
	if (!ends_with_slash(operand) && as_file(operand, &place) == 0 &&
	    is_in(&place, folder, name))
		return true;
	return place_of_unit(operand, unit) &&
	       snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX &&
	       strcmp(path, unit) == 0;
}

static bool inner_name(const char *name, const char *suffix, char file[NAME_MAX + 1])
{
	if (name[0] != '.' || suffix <= name + 1 || strlen(name) > NAME_MAX)
		return false;
	memcpy(file, name + 1, (size_t)(suffix - name) - 1);
	file[suffix - name - 1] = '\0';
	return true;
}

bool place_last(const char *name, char file[NAME_MAX + 1], int *status)
{
	const char *dot = strrchr(name, '.');
	size_t length = sizeof(STATE_FILE_LAST) - 1;
	uint64_t number;

	*status = -1;
	if (!dot || strncmp(dot, STATE_FILE_LAST, length) != 0)
		return false;
	if (dot[length] == '-') {
		if (parse_u64(dot + length + 1, &number) < 0 || number > 255)
			return false;
		*status = (int)number;
	} else if (dot[length]) {
		return false;
	}
	return inner_name(name, dot, file);
}

bool place_new(const char *name, char file[NAME_MAX + 1])
{
	const char *dot = strrchr(name, '.');

	return dot && strcmp(dot, STATE_FILE_NEW) == 0 && inner_name(name, dot, file);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *place_join(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/", name) < 0)
		return NULL;
	return path;
}

static bool has(const struct strv *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->items[i], path) == 0)
			return true;
	return false;
}

static int append(struct strv *paths, const char *folder, const char *name)
{
	CLEANUP_FREE char *path = place_join(folder, name);

	if (!path)
		return -ENOMEM;
	return has(paths, path) ? 0 : strv_append(paths, path);
}

int place_list(const struct place *place, struct strv *paths)
{
	DIR *folder = opendir(place->folder);
	size_t before = paths->count;
	struct dirent *entry;
	int r = 0;

	if (!folder)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (r == 0 && (entry = readdir(folder)))
		if (place_has(place, entry->d_name))
			r = append(paths, place->folder, entry->d_name);
	closedir(folder);
	if (paths->count > before)
		qsort(paths->items + before, paths->count - before, sizeof(*paths->items), by_name);
	return r;
}
