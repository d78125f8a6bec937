/* SPDX-License-Identifier: Apache-2.0 */
/* States, many or one (see entries.h). */
#include "entries.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "find.h"
#include "load.h"
#include "place.h"
#include "runtime.h"

/* Takes path and state. */
static void add(struct entries *entries, char *path, struct state *state)
{
	struct entry *entry = &entries->list[entries->count++];

	*entry = (struct entry){.path = path, .state = state};
	entry->writer = writer_look(&state->writer, &entry->process_fd);
}

/* Whether a file that cannot be opened is a state by its name: others' files may end so, too. */
static bool may_be_state(const char *path)
{
	char file[PATH_MAX];
	struct place place = {.any_port = true};
	char *underscore;

	snprintf(file, sizeof(file), "%s", strrchr(path, '/') + 1);
	underscore = strrchr(file, '_');
	if (!underscore || (size_t)(underscore - file) >= sizeof(place.name))
		return false;
	memcpy(place.name, file, (size_t)(underscore - file));
	return place_has(&place, file);
}

/* Takes path where it is added. */
static bool load_one(struct entries *entries, char *path)
{
	struct load_problem problem;
	struct state *state;
	int r = load_state(path, &state, &problem);

	if (r == 0) {
		add(entries, path, state);
		return true;
	}
	if (r == -ENOMSG || r == -ENOENT || (r != -EBADMSG && !may_be_state(path)))
		return false;
	log_error("%s %s", path, problem.text);
	entries->bad++;
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int r = strcmp(one->state->name, other->state->name);

	return r != 0 ? r : strcmp(one->path, other->path);
}

int entries_all(struct entries *entries)
{
	char **paths;
	unsigned count;
	int r = runtime_list(&paths, &count);

	*entries = (struct entries){0};
	entries->list = calloc(count + 1, sizeof(*entries->list));
	if (!entries->list)
		r = -ENOMEM;
	for (unsigned i = 0; r == 0 && i < count; i++)
		if (load_one(entries, paths[i]))
			paths[i] = NULL;
	place_list_free(paths, count);
	if (r < 0)
		log_error("cannot look for VMs: %s", strerror(-r));
	else if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof(*entries->list), by_name);
	return r;
}

int entries_one(struct entries *entries, const char *operand)
{
	struct found found;
	int r = find_state(operand, &found);

	*entries = (struct entries){0};
	if (r < 0)
		return r;
	entries->list = calloc(1, sizeof(*entries->list));
	if (!entries->list) {
		found_free(&found);
		log_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	add(entries, found.path, found.state);
	return 0;
}

void entries_free(struct entries *entries)
{
	for (unsigned i = 0; i < entries->count; i++) {
		close_fd(&entries->list[i].process_fd);
		free(entries->list[i].path);
		free(entries->list[i].state);
	}
	free(entries->list);
	*entries = (struct entries){0};
}
