/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the VM that an operand means (see find.h). */
#include "find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "load.h"
#include "place.h"
#include "runtime.h"

static int several(const char *operand, char **paths, unsigned count, struct failure *failure)
{
	char names[512] = "";
	size_t used = 0;

	for (unsigned i = 0; i < count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
		                         paths[i]);
	return failure_set(failure, -ENOTUNIQ, "%s means several VMs: name one of %s", operand,
	                   names);
}

/* Takes the path out of a list of one. */
static int only_one(const char *operand, char **paths, unsigned count, char **path,
                    struct failure *failure)
{
	if (count == 0)
		return -ENOENT;
	if (count > 1)
		return several(operand, paths, count, failure);
	*path = paths[0];
	paths[0] = NULL;
	return 0;
}

static int find_in_place(const char *operand, char **path, struct failure *failure)
{
	struct place place;
	char **paths;
	unsigned count;
	int r = place_of(operand, &place);

	if (r < 0)
		return failure_set(failure, r, "%s: %s", operand, strerror(-r));
	r = place_list(&place, &paths, &count);
	if (r < 0)
		failure_set(failure, r, "%s: %s", operand, strerror(-r));
	else
		r = only_one(operand, paths, count, path, failure);
	place_list_free(paths, count);
	return r;
}

static int find_of_unit(const char *operand, char **path)
{
	char file[PATH_MAX];

	if (!place_of_unit(operand, file) || access(file, F_OK) < 0)
		return -ENOENT;
	*path = strdup(file);
	return *path ? 0 : -ENOMEM;
}

static bool has_name(const char *path, const char *name)
{
	CLEANUP_FREE struct state *state = NULL;

	return load_state(path, &state, NULL) == 0 && strcmp(state->name, name) == 0;
}

static int find_by_name(const char *name, char **path, struct failure *failure)
{
	char **paths;
	unsigned count, kept = 0;
	int r = runtime_list(&paths, &count);

	for (unsigned i = 0; i < count; i++) {
		if (has_name(paths[i], name))
			paths[kept++] = paths[i];
		else
			free(paths[i]);
	}
	if (r < 0)
		failure_set(failure, r, "%s: %s", name, strerror(-r));
	else
		r = only_one(name, paths, kept, path, failure);
	place_list_free(paths, kept);
	return r;
}

int find_path(const char *operand, char **path, struct failure *failure)
{
	int r;

	*path = NULL;
	if (!place_is_path(operand))
		return find_by_name(operand, path, failure);
	r = find_in_place(operand, path, failure);
	return r == -ENOENT ? find_of_unit(operand, path) : r;
}

static int found_none(const char *operand, struct failure *failure)
{
	CLEANUP_FREE char *where = runtime_path();

	if (place_is_path(operand))
		return failure_set(failure, -ENOENT,
		                   "%s: there is no state file: is vsock-notify running there, and "
		                   "without --state=no?",
		                   operand);
	if (!where || !*where)
		return failure_set(failure, -ENOENT,
		                   "there is no VM named \"%s\": $XDG_RUNTIME_DIR, where VMs are "
		                   "looked for, is not set",
		                   operand);
	return failure_set(
		failure, -ENOENT,
		"there is no VM named \"%s\" below %s; for a socket in this folder write "
		"./%s",
		operand, where, operand);
}

int find_state(const char *operand, struct found *found, struct failure *failure)
{
	int r;

	*found = (struct found){0};
	r = find_path(operand, &found->path, failure);
	if (r == 0)
		r = load_state(found->path, &found->state, failure);
	if (r < 0)
		found_free(found);
	return r == -ENOENT ? found_none(operand, failure) : r;
}

void found_free(struct found *found)
{
	free(found->state);
	free(found->path);
	*found = (struct found){0};
}
