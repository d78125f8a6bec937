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

static int several(const char *operand, const struct strv *paths, struct failure *failure)
{
	char names[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < paths->count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
		                         paths->items[i]);
	return failure_set(failure, -ENOTUNIQ, "%s means several VMs: name one of %s", operand,
	                   names);
}

static int list_in_place(const char *operand, struct strv *paths)
{
	struct place place;
	char of_unit[PATH_MAX];
	int r = place_of(operand, &place);

	if (r < 0)
		return r;
	r = place_list(&place, paths);
	if (r < 0 || paths->count > 0)
		return r;
	if (!place_of_unit(operand, of_unit) || access(of_unit, F_OK) < 0)
		return 0;
	return strv_append(paths, of_unit);
}

static bool has_name(const char *path, const char *name)
{
	CLEANUP_FREE struct state *state = NULL;

	return load_state(path, &state, NULL) == 0 && strcmp(state->name, name) == 0;
}

static int list_by_name(const char *name, struct strv *paths)
{
	struct strv all = {0};
	int r = runtime_list(&all);

	for (size_t i = 0; r == 0 && i < all.count; i++)
		if (has_name(all.items[i], name))
			r = strv_append(paths, all.items[i]);
	strv_free(&all);
	return r;
}

int find_path(const char *operand, char **path, struct failure *failure)
{
	struct strv paths = {0};
	int r = place_is_path(operand) ? list_in_place(operand, &paths)
	                               : list_by_name(operand, &paths);

	*path = NULL;
	if (r < 0)
		failure_set(failure, r, "%s: %s", operand, strerror(-r));
	else if (paths.count > 1)
		r = several(operand, &paths, failure);
	else if (paths.count == 0)
		r = -ENOENT;
	else if (!(*path = strdup(paths.items[0])))
		r = -ENOMEM;
	strv_free(&paths);
	return r;
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

int find_state(const char *operand, char **path, struct state **state, struct failure *failure)
{
	int r = find_path(operand, path, failure);

	*state = NULL;
	if (r == 0)
		r = load_state(*path, state, failure);
	return r == -ENOENT ? found_none(operand, failure) : r;
}
