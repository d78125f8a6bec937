/* SPDX-License-Identifier: Apache-2.0 */
/* Operands and the states that they mean (see find.h). */
#include "find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "load.h"
#include "place.h"
#include "runtime.h"

/* Of several, an error line that names them. */
static int only_one(const char *operand, char **paths, unsigned count, char **path)
{
	char names[512] = "";
	size_t used = 0;

	if (count == 0)
		return -ENOENT;
	if (count == 1) {
		*path = paths[0];
		paths[0] = NULL;
		return 0;
	}
	for (unsigned i = 0; i < count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
		                         paths[i]);
	log_error("%s means several: name one of %s", operand, names);
	return -ENOTUNIQ;
}

static int find_in_place(const char *operand, char **path)
{
	struct place place;
	char **paths = NULL;
	unsigned count = 0;
	int r = place_of(operand, &place);

	if (r == 0)
		r = place_list(&place, &paths, &count);
	if (r < 0)
		log_error("%s: %s", operand, strerror(-r));
	else
		r = only_one(operand, paths, count, path);
	place_list_free(paths, count);
	return r;
}

/* Where nothing is beside the socket. */
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
	struct load_problem problem;

	return load_state(path, &state, &problem) == 0 && strcmp(state->name, name) == 0;
}

static int find_by_name(const char *name, char **path)
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
		log_error("%s: %s", name, strerror(-r));
	else
		r = only_one(name, paths, kept, path);
	place_list_free(paths, kept);
	return r;
}

int find_path(const char *operand, char **path)
{
	int r;

	*path = NULL;
	if (!place_is_path(operand))
		return find_by_name(operand, path);
	r = find_in_place(operand, path);
	return r == -ENOENT ? find_of_unit(operand, path) : r;
}

static void complain_of_none(const char *operand)
{
	CLEANUP_FREE char *where = runtime_path();

	if (place_is_path(operand))
		log_error("%s: there is no state file: is vsock-notify running there, and without "
		          "--state=no?",
		          operand);
	else
		log_error("no VM is called %s below %s: a path has a slash in it", operand,
		          where && *where ? where : "$XDG_RUNTIME_DIR, which is not set");
}

int find_state(const char *operand, struct found *found)
{
	struct load_problem problem;
	int r = find_path(operand, &found->path);

	found->state = NULL;
	if (r == 0) {
		r = load_state(found->path, &found->state, &problem);
		if (r < 0 && r != -ENOENT)
			log_error("%s %s", found->path, problem.text);
	}
	if (r == -ENOENT)
		complain_of_none(operand);
	if (r < 0)
		found_free(found);
	return r;
}

void found_free(struct found *found)
{
	free(found->state);
	free(found->path);
	*found = (struct found){0};
}
