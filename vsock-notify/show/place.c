/* SPDX-License-Identifier: Apache-2.0 */
/* Where a state file is (rules: place.h). */
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* How much of name is before "_PORT.state"; 0: it does not end so. */
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

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A number after the last underscore: a port, or the end of a vsock socket's own name. */
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

int place_of(const char *operand, struct place *place)
{
	const char *slash = strrchr(operand, '/');
	const char *base = slash ? slash + 1 : operand;
	size_t folder = slash ? (size_t)(slash - operand) : 1;

	memset(place, 0, sizeof(*place));
	if (strlen(operand) >= sizeof(place->folder))
		return -ENAMETOOLONG;
	if (!*base || is_folder(operand)) {
		strcpy(place->folder, operand);
		return 0;
	}
	if (strlen(base) > STATE_FILE_NAME_MAX)
		return -ENAMETOOLONG;
	/* The slash, too: that of "/name" is all of its folder. */
	snprintf(place->folder, sizeof(place->folder), "%.*s", (int)(folder > 0 ? folder : 1),
	         slash ? operand : ".");
	place->whole = ends_with_suffix(base, strlen(base));
	/* Whose file is there, is it; until then it may be either: both sockets can be there. */
	place->may_be_port = !place->whole && may_name_port(base);
	place->any_port = !place->whole && !(place->may_be_port && is_there(place, base));
	snprintf(place->name, sizeof(place->name), "%s%s", base,
	         place->whole || place->any_port ? "" : STATE_FILE_SUFFIX);
	place->whole = !place->any_port;
	return 0;
}

bool place_of_unit(const char *operand, char path[PATH_MAX])
{
	static const char suffix[] = ".vsock";
	const char *slash = strrchr(operand, '/');
	const char *base = slash ? slash + 1 : operand;
	size_t length = strlen(operand);
	size_t name;

	if (strlen(base) <= strlen(suffix) ||
	    strcmp(operand + length - strlen(suffix), suffix) != 0)
		return false;
	length -= strlen(suffix);
	name = length - (size_t)(base - operand);
	return snprintf(path, PATH_MAX, "%.*s/%.*s" STATE_FILE_SUFFIX, (int)length, operand,
	                (int)name, base) < PATH_MAX;
}

bool place_has(const struct place *place, const char *name)
{
	size_t length = strlen(place->name);

	if (place->whole)
		return strcmp(name, place->name) == 0;
	if (place->any_port && strncmp(name, place->name, length) == 0)
		return before_port(name) == length ||
		       (place->may_be_port && strcmp(name + length, STATE_FILE_SUFFIX) == 0);
	if (place->any_port)
		return false;
	return name[0] != '.' && ends_with_suffix(name, strlen(name));
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

static int append(char ***paths, unsigned *count, const char *folder, const char *name)
{
	const char *slash = *folder && folder[strlen(folder) - 1] == '/' ? "" : "/";
	char **more = realloc(*paths, (*count + 1) * sizeof(**paths));

	if (!more)
		return -ENOMEM;
	*paths = more;
	if (asprintf(&more[*count], "%s%s%s", folder, slash, name) < 0)
		return -ENOMEM;
	++*count;
	return 0;
}

int place_list(const struct place *place, char ***paths, unsigned *count)
{
	DIR *folder = opendir(place->folder);
	struct dirent *entry;
	int r = 0;

	*paths = NULL;
	*count = 0;
	if (!folder)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (r == 0 && (entry = readdir(folder)))
		if (place_has(place, entry->d_name))
			r = append(paths, count, place->folder, entry->d_name);
	closedir(folder);
	if (*count > 0)
		qsort(*paths, *count, sizeof(**paths), by_name);
	return r;
}

void place_list_free(char **paths, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}
