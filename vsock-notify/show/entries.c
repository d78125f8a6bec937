/* SPDX-License-Identifier: Apache-2.0 */
/* The states that "status" shows (see entries.h). */
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

/* Room for up to count VMs: each becomes an entry or a complaint. */
static int reserve(struct entries *entries, unsigned count)
{
	*entries = (struct entries){
		.list = calloc(count + 1, sizeof(*entries->list)),
		.complaints = calloc(count + 1, sizeof(*entries->complaints)),
	};
	return entries->list && entries->complaints ? 0 : -ENOMEM;
}

/* Takes path and state. */
static void add(struct entries *entries, char *path, struct state *state)
{
	struct entry *entry = &entries->list[entries->count++];

	*entry = (struct entry){.path = path, .state = state};
	entry->writer = writer_look(&state->writer, &entry->process_fd);
}

static int complain(struct entries *entries, const struct failure *failure, int error)
{
	char *line = strdup(failure_line(failure, error));

	if (!line)
		return -ENOMEM;
	entries->complaints[entries->complaint_count++] = line;
	return 0;
}

/* Whether a file that cannot be opened is a state file by its name: other programs' files may end in ".state" too. */
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

/* Whether load_state() returning this error for a file of the runtime directory is worth a complaint. */
static bool is_complaint(const char *path, int error)
{
	if (error == -ENOMSG || error == -ENOENT)
		return false;
	return error == -EBADMSG || may_be_state(path);
}

/* Takes *path if it becomes part of an entry. */
static int load_one(struct entries *entries, char **path)
{
	struct failure failure = {0};
	struct state *state;
	int r = load_state(*path, &state, &failure);

	if (r < 0)
		return is_complaint(*path, r) ? complain(entries, &failure, r) : 0;
	add(entries, *path, state);
	*path = NULL;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int r = strcmp(one->state->name, other->state->name);

	return r != 0 ? r : strcmp(one->path, other->path);
}

static int load_all(struct entries *entries, char **paths, unsigned count)
{
	int r = reserve(entries, count);

	for (unsigned i = 0; r == 0 && i < count; i++)
		r = load_one(entries, &paths[i]);
	if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof(*entries->list), by_name);
	return r;
}

int entries_all(struct entries *entries, struct failure *failure)
{
	char **paths;
	unsigned count;
	int r = runtime_list(&paths, &count);

	*entries = (struct entries){0};
	if (r == 0)
		r = load_all(entries, paths, count);
	place_list_free(paths, count);
	if (r < 0)
		return failure_set(failure, r, "cannot look for VMs: %s", strerror(-r));
	return 0;
}

static int find_one(struct entries *entries, const char *operand)
{
	struct failure failure = {0};
	struct found found;
	int r = find_state(operand, &found, &failure);

	if (r < 0)
		return complain(entries, &failure, r);
	add(entries, found.path, found.state);
	return 0;
}

int entries_named(struct entries *entries, char **operands, struct failure *failure)
{
	unsigned count = 0;
	int r;

	while (operands[count])
		count++;
	r = reserve(entries, count);
	for (unsigned i = 0; r == 0 && i < count; i++)
		r = find_one(entries, operands[i]);
	if (r < 0)
		return failure_set(failure, r, "cannot look for VMs: %s", strerror(-r));
	return 0;
}

bool entries_complain(const struct entries *entries)
{
	for (unsigned i = 0; i < entries->complaint_count; i++)
		log_error("%s", entries->complaints[i]);
	return entries->complaint_count > 0;
}

void entries_free(struct entries *entries)
{
	for (unsigned i = 0; i < entries->count; i++) {
		close_fd(&entries->list[i].process_fd);
		free(entries->list[i].path);
		free(entries->list[i].state);
	}
	for (unsigned i = 0; i < entries->complaint_count; i++)
		free(entries->complaints[i]);
	free(entries->complaints);
	free(entries->list);
	*entries = (struct entries){0};
}
