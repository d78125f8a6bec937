/* SPDX-License-Identifier: Apache-2.0 */
/* States as a table (see status_views.h). */
#include "status_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "show/show_text.h"
#include "show/show_time.h"

#define GAP 2

/* A VM's name keeps this many columns, however narrow the terminal is. */
#define NAME_MIN 12

struct columns {
	unsigned name, state, since;
	unsigned status; /* 0: no limit */
};

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static struct columns measure(const struct screen *screen, const struct entries *entries,
                              uint64_t now)
{
	struct columns columns = {4, 5, 5, 0};
	unsigned others;

	for (unsigned i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];
		CLEANUP_FREE char *name = show_text(entry->state->name, screen->utf8, 0);
		char since[SHOW_TIME_MAX];

		show_short(since, entry->state, entry->state->since_usec, now);
		columns.name = max(columns.name, name ? show_columns(name) : 0);
		columns.state =
			max(columns.state,
		            (unsigned)strlen(screen_state_name(entry->state, entry->writer)));
		columns.since = max(columns.since, (unsigned)strlen(since));
	}
	if (screen->width == 0)
		return columns;
	others = columns.state + columns.since + 3 * GAP;
	/* The name and the status share what is left. */
	if (columns.name > NAME_MIN && screen->width < others + 2 * columns.name)
		columns.name = screen->width > others + 2 * NAME_MIN ? (screen->width - others) / 2
		                                                     : NAME_MIN;
	columns.status =
		screen->width > others + columns.name ? screen->width - others - columns.name : 1;
	return columns;
}

/* Prints text, which takes shown columns, and spaces up to the end of the column. */
static void put(FILE *out, const char *text, unsigned shown, unsigned columns)
{
	fprintf(out, "%s%*s", text, (int)(shown < columns + GAP ? columns + GAP - shown : GAP), "");
}

static void put_row(const struct screen *screen, const struct columns *columns,
                    const struct entry *entry, uint64_t now)
{
	const struct state *state = entry->state;
	CLEANUP_FREE char *name = show_text(state->name, screen->utf8, columns->name);
	CLEANUP_FREE char *status = show_text(state->status, screen->utf8, columns->status);
	const char *life = screen_state_name(state, entry->writer);
	char since[SHOW_TIME_MAX];

	show_short(since, state, state->since_usec, now);
	if (!name || !status)
		return;
	put(screen->out, name, show_columns(name), columns->name);
	fputs(screen_colour(screen, state, entry->writer), screen->out);
	put(screen->out, life, (unsigned)strlen(life), columns->state);
	fputs(screen_plain(screen), screen->out);
	if (*status)
		put(screen->out, since, (unsigned)strlen(since), columns->since);
	fprintf(screen->out, "%s\n", *status ? status : since);
}

void status_table(const struct screen *screen, const struct entries *entries)
{
	uint64_t now = now_usec();
	const struct columns columns = measure(screen, entries, now);
	unsigned rows = entries->count;

	/* If a live view were higher than the terminal, only its end would be visible. */
	if (screen->live && screen->height > 2 && rows > screen->height - 2)
		rows = screen->height - 2;
	fputs(screen_bold(screen), screen->out);
	put(screen->out, "NAME", 4, columns.name);
	put(screen->out, "STATE", 5, columns.state);
	put(screen->out, "SINCE", 5, columns.since);
	fprintf(screen->out, "%s%s\n", columns.status > 0 && columns.status < 6 ? "" : "STATUS",
	        screen_plain(screen));
	for (unsigned i = 0; i < rows; i++)
		put_row(screen, &columns, &entries->list[i], now);
}
