/* SPDX-License-Identifier: Apache-2.0 */
/* The states that "status" shows (see entries.h). */
#include "entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/memory.h"
#include "find.h"
#include "load.h"
#include "place.h"
#include "runtime.h"

static int reserve(struct entries *entries, size_t count)
{
	*entries = (struct entries){.list = calloc(count + 1, sizeof(*entries->list))};
	return entries->list ? 0 : -ENOMEM;
}

/* Takes path and state. */
static void add(struct entries *entries, char *path, struct state *state)
{
	struct entry *entry = &entries->list[entries->count++];

	*entry = (struct entry){.path = path, .state = state};
	entry->writer = writer_look(&state->writer, &entry->process_fd);
}

static void complain(struct entries *entries, const struct failure *failure, int error)
{
	log_error("%s", failure_line(failure, error));
	entries->complained = true;
}

/*
 * Whether load_state() returning this error for a file of the runtime directory is worth a complaint. A file that cannot be
 * opened must be a state file by its name: other programs' files may end in ".state" too.
 */
static bool is_complaint(const char *path, int error)
{
	if (error == -ENOMSG || error == -ENOENT)
		return false;
	return error == -EBADMSG || place_has_port(strrchr(path, '/') + 1);
}

/* Takes *path if it becomes part of an entry. */
static void load_one(struct entries *entries, char **path)
{
	struct failure failure = {0};
	struct state *state;
	int r = load_state(*path, &state, &failure);

	if (r == 0) {
		add(entries, *path, state);
		*path = NULL;
	} else if (is_complaint(*path, r)) {
		complain(entries, &failure, r);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int r = strcmp(one->state->name, other->state->name);

	return r != 0 ? r : strcmp(one->path, other->path);
}

int entries_all(struct entries *entries, struct failure *failure)
{
	struct strv paths = {0};
	int r = runtime_list(&paths);

	*entries = (struct entries){0};
	if (r == 0)
		r = reserve(entries, paths.count);
	for (size_t i = 0; r == 0 && i < paths.count; i++)
		load_one(entries, &paths.items[i]);
	strv_free(&paths);
	if (r < 0)
		return failure_set(failure, r, "cannot look for VMs: %s", strerror(-r));
	qsort(entries->list, entries->count, sizeof(*entries->list), by_name);
	return 0;
}

static void find_one(struct entries *entries, const char *operand)
{
	struct failure failure = {0};
	CLEANUP_FREE char *path = NULL;
	CLEANUP_FREE struct state *state = NULL;
	int r = find_state(operand, &path, &state, &failure);

	if (r < 0) {
		complain(entries, &failure, r);
		return;
	}
	add(entries, path, state);
	path = NULL;
	state = NULL;
}

int entries_named(struct entries *entries, char **operands, struct failure *failure)
{
	size_t count = 0;
	int r;

	while (operands[count])
		count++;
	r = reserve(entries, count);
	if (r < 0)
		return failure_set(failure, r, "cannot look for VMs: %s", strerror(-r));
	for (size_t i = 0; i < count; i++)
		find_one(entries, operands[i]);
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
