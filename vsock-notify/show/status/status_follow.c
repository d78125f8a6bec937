/* SPDX-License-Identifier: Apache-2.0 */
/* "status --follow" (see status_follow.h). */
#include "status_follow.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "show/interrupt.h"
#include "show/runtime.h"
#include "show/show_time.h"
#include "show/vm_watch.h"
#include "status_views.h"

struct follow {
	struct screen *screen;
	bool json;
	bool one;
	char *last; /* what show_lines() or show_json() has printed last; NULL: nothing */
};

static void keep(struct follow *follow, char *text)
{
	free(follow->last);
	follow->last = text;
}

/* "2026-11-22T20:05:58.123456Z web ready: Ready." */
static void put_line(const struct screen *screen, const struct entry *entry)
{
	const struct state *state = entry->state;
	char time[SHOW_TIME_MAX];

	show_rfc3339(time, state, state->since_usec);
	fprintf(screen->out, "%s ", time);
	screen_put(screen, state->name);
	fprintf(screen->out, " %s%s", screen_state_name(state, entry->writer),
	        state->paused ? ", paused" : "");
	if (state->exit_status >= 0)
		fprintf(screen->out, ", exit status %d", state->exit_status);
	fputs(*state->status ? ": " : "", screen->out);
	screen_put(screen, state->status);
	fputc('\n', screen->out);
}

/* Prints the lines of those VMs whose last line was another. What is kept has each line behind the path of its state file. */
static void show_lines(struct follow *follow, const struct entries *entries)
{
	struct screen kept = *follow->screen;
	char *text = NULL;
	size_t size = 0;

	kept.out = open_memstream(&text, &size);
	for (unsigned i = 0; kept.out && i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];
		size_t before = size;

		fprintf(kept.out, "\n%s ", entry->path);
		put_line(&kept, entry);
		if (fflush(kept.out) == 0 && !(follow->last && strstr(follow->last, text + before)))
			fputs(text + before + strlen(entry->path) + 2, follow->screen->out);
	}
	if (kept.out && fclose(kept.out) == 0)
		keep(follow, text);
	else
		free(text);
}

static void show_json(struct follow *follow, const struct entries *entries)
{
	char *text = status_json(entries, false);

	if (!text || (follow->last && strcmp(text, follow->last) == 0)) {
		free(text);
		return;
	}
	fprintf(follow->screen->out, "%s\n", text);
	keep(follow, text);
}

static void print_view(const struct follow *follow, const struct screen *screen,
                       const struct entries *entries)
{
	if (!follow->one)
		status_table(screen, entries);
	else if (entries->count == 0)
		fputs("Not started yet.\n", screen->out);
	else
		status_full(screen, &entries->list[0], false);
}

/* The view as text; the caller frees it. NULL: no memory. */
static char *render(const struct follow *follow, const struct entries *entries)
{
	struct screen screen = *follow->screen;
	char *text = NULL;
	size_t size;

	screen.out = open_memstream(&text, &size);
	if (!screen.out)
		return NULL;
	print_view(follow, &screen, entries);
	if (fclose(screen.out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Draws over the last view. It is not cleared first, so that the screen is never empty. */
static void draw(struct follow *follow, const struct entries *entries)
{
	CLEANUP_FREE char *text = NULL;
	FILE *out = follow->screen->out;
	unsigned rows = 0;

	screen_measure(follow->screen);
	text = render(follow, entries);
	if (!text)
		return;
	fputs("\033[H", out);
	for (char *line, *rest = text; (line = strsep(&rest, "\n")) && rest;) {
		if (++rows >= follow->screen->height)
			break;
		/* With autowrap off the terminal cuts a line that is too long. */
		fprintf(out, "\033[?7l%s\033[K\033[?7h\n", line);
	}
	fputs("\033[J", out);
}

/* Returns false if it could not be written, for example because nobody reads the pipe any more. */
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

static bool show_one(struct follow *follow, const struct vm_watch *watch)
{
	struct entry entry = {
		.path = watch->path,
		.state = watch->facts.state,
		.writer = watch->facts.writer,
		.process_fd = -1,
	};
	const struct entries entries = {.list = &entry, .count = entry.state ? 1 : 0};

	return show(follow, &entries);
}

/* Shows one VM at each change, and after its end as it was. Returns 0 if nobody reads any more, or a negative errno. */
static int follow_one(struct follow *follow, const char *operand, struct failure *failure)
{
	struct vm_watch watch;
	int r = vm_watch_open(&watch, operand, failure);

	while (r >= 0) {
		r = vm_watch_look(&watch, failure);
		if (r < 0 || !show_one(follow, &watch))
			break;
		vm_watch_begin_again(&watch);
		r = vm_watch_wait(&watch, 0, failure);
		/* SIGWINCH: the terminal's size has changed, so draw again. */
		interrupt_taken();
	}
	vm_watch_close(&watch);
	return r;
}

/* Waits for an event in the folders, the end of a writer, or SIGWINCH. After any event all folders are looked at again. */
static int wait_for_any(struct folder_watch *watch, const struct entries *entries)
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
	return folder_watch_read(watch, NULL, NULL);
}

/* Returns 1 to go on, 0 if nobody reads any more, or a negative errno. */
static int follow_next(struct follow *follow, struct folder_watch *watch)
{
	struct entries entries;
	int r = runtime_watch(watch);

	if (r < 0)
		return r;
	r = entries_all(&entries, NULL);
	if (r == 0 && show(follow, &entries)) {
		r = wait_for_any(watch, &entries);
		r = r < 0 ? r : 1;
	}
	entries_free(&entries);
	return r;
}

static int follow_all(struct follow *follow, struct failure *failure)
{
	struct folder_watch watch;
	int r = folder_watch_init(&watch);

	if (r == 0)
		do
			r = follow_next(follow, &watch);
		while (r > 0);
	folder_watch_deinit(&watch);
	return r < 0 ? failure_set(failure, r, "cannot follow: %s", strerror(-r)) : 0;
}

int status_follow(struct screen *screen, const char *operand, bool json, struct failure *failure)
{
	struct follow follow = {.screen = screen, .json = json, .one = operand != NULL};
	int r;

	if (screen->live && !json) {
		interrupt_catch(SIGWINCH);
		fputs("\033[2J", screen->out);
	}
	r = operand ? follow_one(&follow, operand, failure) : follow_all(&follow, failure);
	free(follow.last);
	return r;
}
