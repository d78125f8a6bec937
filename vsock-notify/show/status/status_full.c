/* SPDX-License-Identifier: Apache-2.0 */
/* Prints all that is known of one VM (see status_views.h). */
#include "status_views.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "show/show_span.h"
#include "show/show_time.h"

#define LABEL_WIDTH 10

static void label(const struct screen *screen, const char *name)
{
	fprintf(screen->out, "%s%*s%s ", *name ? screen_bold(screen) : "", LABEL_WIDTH, name,
	        *name ? screen_plain(screen) : "");
}

static void put_text(const struct screen *screen, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	label(screen, name);
	screen_put(screen, text);
	fputc('\n', screen->out);
}

static void put_life(const struct screen *screen, const struct entry *entry, bool ages)
{
	const struct state *state = entry->state;
	uint64_t now = now_usec();
	char since[SHOW_TIME_MAX];

	show_local(since, state, state->since_usec);
	label(screen, "State:");
	fprintf(screen->out, "%s%s%s", screen_colour(screen, state, entry->writer),
	        state_life_name(state->life), screen_plain(screen));
	if (state->paused)
		fputs(", paused", screen->out);
	if (*state->way) {
		fputs(" (", screen->out);
		screen_put(screen, state->way);
		fputc(')', screen->out);
	}
	if (state->exit_status >= 0)
		fprintf(screen->out, ", exit status %d", state->exit_status);
	fprintf(screen->out, " since %s", since);
	if (ages && now >= state->since_usec)
		fprintf(screen->out, ", %s ago", show_span(now - state->since_usec).text);
	fputc('\n', screen->out);
	if (screen_was_killed(state, entry->writer)) {
		label(screen, "");
		fprintf(screen->out,
		        "%svsock-notify is gone%s: it was killed, and this is the last that it "
		        "knew\n",
		        screen_colour(screen, state, entry->writer), screen_plain(screen));
	}
}

static void put_span(const struct screen *screen, const char *what, uint64_t from, uint64_t to)
{
	if (from > 0 && to >= from)
		fprintf(screen->out, ", %s after %s", what, show_span(to - from).text);
}

/* Times since the start of this boot. */
static void put_times(const struct screen *screen, const struct state *state)
{
	char started[SHOW_TIME_MAX];

	show_local(started, state, state->started_usec);
	label(screen, "Boot:");
	fprintf(screen->out, "%" PRIu32 "%s, started %s", state->boots,
	        state->boots == 0 ? " (none yet)" : "", started);
	put_span(screen, "first word", state->started_usec, state->first_usec);
	put_span(screen, "ready", state->started_usec, state->ready_usec);
	if (state->ready_inferred)
		fputs(" (inferred: READY=1 was lost)", screen->out);
	fputc('\n', screen->out);
}

static void put_processes(const struct screen *screen, const struct entry *entry)
{
	const struct state *state = entry->state;

	label(screen, "PID:");
	fprintf(screen->out, "%d (vsock-notify%s)", (int)state->writer.pid,
	        entry->writer == WRITER_GONE ? ", gone" : "");
	if (state->vmm_pid)
		fprintf(screen->out, ", %d (VMM)", (int)state->vmm_pid);
	fputc('\n', screen->out);
}

static void put_socket(const struct screen *screen, const struct entry *entry)
{
	const struct state *state = entry->state;

	label(screen, "VSOCK:");
	screen_put(screen, state->vsock);
	fprintf(screen->out, ", port %" PRIu32, state->port);
	if (state->guest_port >= 0)
		fprintf(screen->out, ", from the guest's port %" PRId64, state->guest_port);
	fputc('\n', screen->out);
	put_text(screen, "File:", entry->path);
}

static void put_counters(const struct screen *screen, const struct state *state)
{
	label(screen, "Messages:");
	fprintf(screen->out,
	        "%" PRIu64 " from the guest; %" PRIu64 " delivered, %" PRIu64 " dropped; %" PRIu64
	        " fields refused\n",
	        state->connections, state->delivered, state->dropped, state->refused);
	label(screen, "Held:");
	fprintf(screen->out, "%s in all, %s at most\n", show_span(state->held_usec).text,
	        show_span(state->held_max_usec).text);
}

static void put_lost(const struct screen *screen, const struct state *state)
{
	if (state->lost_messages == 0)
		return;
	label(screen, "Lost:");
	fprintf(screen->out,
	        "%" PRIu64 " message%s in this life, %" PRIu64 " in all: the VMM has ended their "
	        "connections\n",
	        state->life_lost_messages, state->life_lost_messages == 1 ? "" : "s",
	        state->lost_messages);
	label(screen, "");
	fputs("without a byte; vsock-notify(7), LOST MESSAGES, has the cause and the cure\n",
	      screen->out);
}

/* Prints what follows the fact's name. */
static void put_value(const struct screen *screen, const struct state *state,
                      const struct state_fact *fact)
{
	if (fact->kind == STATE_UNIT && !fact->number) {
		fputs(", not active any more", screen->out);
	} else if (fact->kind == STATE_UNIT) {
		if (state->started_usec > 0 && fact->usec >= state->started_usec)
			fprintf(screen->out, " after %s",
			        show_span(fact->usec - state->started_usec).text);
	} else if (fact->kind == STATE_REFUSED) {
		fprintf(screen->out, "=, %" PRIu64 " times", fact->number);
	} else {
		fputc('=', screen->out);
		screen_put(screen, state_fact_value(&state->facts, fact));
	}
}

/* The first line has the label. */
static void put_facts(const struct screen *screen, const char *name, const struct state *state,
                      enum state_fact_kind kind)
{
	unsigned lost = state->facts.lost[kind];

	for (unsigned i = 0; i < state->facts.count; i++) {
		const struct state_fact *fact = &state->facts.entries[i];

		if (fact->kind != kind)
			continue;
		label(screen, name);
		screen_put(screen, state_fact_name(&state->facts, fact));
		put_value(screen, state, fact);
		fputc('\n', screen->out);
		name = "";
	}
	if (lost == 0)
		return;
	label(screen, name);
	fprintf(screen->out, "and %u more, for which there was no room\n", lost);
}

void status_full(const struct screen *screen, const struct entry *entry, bool ages)
{
	const struct state *state = entry->state;

	fprintf(screen->out, "%s%s %s", screen_colour(screen, state, entry->writer),
	        screen->utf8 ? "\u25cf" : "*", screen_plain(screen));
	screen_put(screen, state->name);
	fputc('\n', screen->out);
	put_life(screen, entry, ages);
	put_text(screen, "Status:", state->status);
	put_text(screen, "Hostname:", state_field(state, "X_SYSTEMD_HOSTNAME"));
	put_text(screen, "Machine:", state_field(state, "X_SYSTEMD_MACHINE_ID"));
	put_text(screen, "Signals:", state_field(state, "X_SYSTEMD_SIGNALS_LEVEL"));
	put_times(screen, state);
	put_socket(screen, entry);
	put_processes(screen, entry);
	put_counters(screen, state);
	put_lost(screen, state);
	put_facts(screen, "Units:", state, STATE_UNIT);
	put_facts(screen, "Fields:", state, STATE_FIELD);
	put_facts(screen, "Refused:", state, STATE_REFUSED);
}
