/* SPDX-License-Identifier: Apache-2.0 */
/* A view that is drawn anew (see status_follow.h). */
#include "status_follow.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "show/entries.h"
#include "show/interrupt.h"
#include "show/runtime.h"
#include "show/wait/target.h"
#include "status_full.h"
#include "status_json.h"
#include "status_table.h"

/* What was said last of a VM. */
struct said {
	char *path;
	char *line; /* NULL: there was no memory for it */
};

struct follow {
	struct screen *screen;
	bool json;
	bool one;
	struct said *last;
	unsigned last_count;
	char *last_json;
};

/* The one of that path, with a line of NULL where it is new. NULL: there is no memory. */
static struct said *said_of(struct follow *follow, const char *path)
{
	struct said *more;

	for (unsigned i = 0; i < follow->last_count; i++)
		if (strcmp(follow->last[i].path, path) == 0)
			return &follow->last[i];
	more = realloc(follow->last, (follow->last_count + 1) * sizeof(*more));
	if (!more)
		return NULL;
	follow->last = more;
	more += follow->last_count;
	*more = (struct said){.path = strdup(path)};
	if (!more->path)
		return NULL;
	follow->last_count++;
	return more;
}

static bool is_new(struct follow *follow, const char *path, const char *line)
{
	struct said *said = said_of(follow, path);

	if (said && said->line && strcmp(said->line, line) == 0)
		return false;
	if (said) {
		free(said->line);
		said->line = strdup(line);
	}
	return true;
}

static void show_lines(struct follow *follow, const struct entries *entries)
{
	for (unsigned i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];
		CLEANUP_FREE char *line = status_line(follow->screen, entry->state, entry->writer);

		if (line && is_new(follow, entry->path, line))
			fprintf(follow->screen->out, "%s\n", line);
	}
}

static void show_json(struct follow *follow, const struct entries *entries)
{
	char *text = status_json(entries, false);

	if (!text || (follow->last_json && strcmp(text, follow->last_json) == 0)) {
		free(text);
		return;
	}
	free(follow->last_json);
	follow->last_json = text;
	fprintf(follow->screen->out, "%s\n", text);
}

/* In place of what was drawn before, without a moment in which nothing is. */
static void draw(struct follow *follow, const struct entries *entries)
{
	CLEANUP_FREE char *text = NULL;
	FILE *out = follow->screen->out;
	struct screen screen = *follow->screen;
	unsigned rows = 0;
	size_t size;

	screen_measure(follow->screen);
	screen = *follow->screen;
	screen.out = open_memstream(&text, &size);
	if (!screen.out)
		return;
	if (follow->one && entries->count == 0)
		fputs("Not started yet.\n", screen.out);
	else if (follow->one)
		status_full(&screen, &entries->list[0], false);
	else
		status_table(&screen, entries);
	if (fclose(screen.out) != 0 || !text)
		return;
	fputs("\033[H", out);
	for (char *line, *rest = text; (line = strsep(&rest, "\n")) && rest;) {
		if (++rows >= screen.height)
			break;
		/* A line that is too long is cut by the terminal, not by us: autowrap off. */
		fprintf(out, "\033[?7l%s\033[K\033[?7h\n", line);
	}
	fputs("\033[J", out);
}

/* Returns whether it could be written. */
static bool show(struct follow *follow, const struct entries *entries)
{
	if (follow->json)
		show_json(follow, entries);
	else if (follow->screen->live)
		draw(follow, entries);
	else
		show_lines(follow, entries);
	return fflush(follow->screen->out) == 0;
}

/* One VM: as it is, or was when it ended. */
static int follow_one(struct follow *follow, const char *operand)
{
	struct target target;
	int r = target_open(&target, operand);

	while (r >= 0 && (r = target_look(&target)) >= 0) {
		struct entry entry = {
			.path = target.path,
			.state = target.state,
			.writer = target.facts.writer,
			.process_fd = -1,
		};
		const struct entries entries = {.list = &entry, .count = target.state ? 1 : 0};

		if (target.state && target.facts.ended) {
			if (target.state->life != STATE_PANICKED)
				target.state->life = STATE_STOPPED;
			if (target.facts.exit_status >= 0)
				target.state->exit_status = target.facts.exit_status;
			target_begin_again(&target);
		}
		if (!show(follow, &entries))
			break;
		r = target_wait(&target, 0);
		/* The terminal's size: draw anew. */
		if (r == TARGET_INTERRUPTED)
			interrupt_taken();
	}
	target_close(&target);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void event(void *user, uint32_t mask, const char *name)
{
	(void)user;
	(void)mask;
	(void)name;
}

/* Waits for an event in the folders, or the end of a writer. */
static int wait_for_any(const struct watch *watch, const struct entries *entries)
{
	CLEANUP_FREE struct pollfd *sources = calloc(entries->count + 1, sizeof(*sources));
	int r;

	if (!sources)
		return -ENOMEM;
	for (unsigned i = 0; i < entries->count; i++)
		sources[i] = (struct pollfd){entries->list[i].process_fd, POLLIN, 0};
	sources[entries->count] = (struct pollfd){watch->fd, POLLIN, 0};
	r = ppoll(sources, entries->count + 1, NULL, interrupt_mask());
	if (r < 0 && errno != EINTR)
		return -errno;
	interrupt_taken();
	return watch_read(watch, event, NULL);
}

static int follow_all(struct follow *follow)
{
	struct watch watch;
	int r = watch_init(&watch);

	while (r >= 0) {
		struct entries entries;

		r = runtime_watch(&watch);
		if (r >= 0)
			r = entries_all(&entries);
		if (r < 0)
			break;
		if (!show(follow, &entries)) {
			entries_free(&entries);
			break;
		}
		r = wait_for_any(&watch, &entries);
		entries_free(&entries);
	}
	watch_deinit(&watch);
	if (r < 0)
		log_error("cannot follow: %s", strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int status_follow(struct screen *screen, const char *operand, bool json)
{
	struct follow follow = {.screen = screen, .json = json, .one = operand != NULL};
	int status;

	if (screen->live && !json) {
		interrupt_catch(SIGWINCH);
		fputs("\033[2J", screen->out);
	}
	status = operand ? follow_one(&follow, operand) : follow_all(&follow);
	for (unsigned i = 0; i < follow.last_count; i++) {
		free(follow.last[i].path);
		free(follow.last[i].line);
	}
	free(follow.last);
	free(follow.last_json);
	return status;
}
