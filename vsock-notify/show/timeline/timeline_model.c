/* SPDX-License-Identifier: Apache-2.0 */
/* A boot in order (see timeline_model.h). The state may come from anybody: its times may be in any order. */
#include "timeline_model.h"

#include <string.h>

#include "base/clock.h"
#include "base/macros.h"

/* What comes after readiness belongs to the boot if it comes at once, or within an eighth of the boot's time. */
#define AFTER_READY_PART 8
#define AT_ONCE_USEC     (20 * USEC_PER_MSEC)

/* If the start was not reported, listening may take up to three quarters of the picture. */
#define WAIT_TIMES 3

const char *timeline_outcome_name(enum timeline_outcome outcome)
{
	static const char *const names[] = {
		[TIMELINE_READY] = "ready",           [TIMELINE_EMERGENCY] = "emergency mode",
		[TIMELINE_PANICKED] = "kernel panic", [TIMELINE_ENDED] = "ended, not ready",
		[TIMELINE_PENDING] = "not ready yet",
	};

	return names[outcome];
}

static uint64_t after(uint64_t usec, uint64_t origin)
{
	return usec > origin ? usec - origin : 0;
}

uint64_t timeline_at(const struct timeline *timeline, uint64_t usec)
{
	return after(usec, timeline->origin_usec);
}

/* In a state 0 is a time that has not come. */
static uint64_t at_or_never(const struct timeline *timeline, uint64_t usec)
{
	return usec ? timeline_at(timeline, usec) : TIMELINE_NEVER;
}

static uint64_t held_end(const struct state_held *held)
{
	uint64_t end = held->accepted_usec + held->held_usec;

	return end < held->accepted_usec ? UINT64_MAX : end;
}

/* CLOCK_MONOTONIC time of the last news of the guest. */
static uint64_t last_heard(const struct state *state)
{
	uint64_t last = max_u64(state->first_usec, state->since_usec);

	for (unsigned i = 0; i < state->facts.count; i++)
		if (state->facts.entries[i].kind == STATE_UNIT)
			last = max_u64(last, state->facts.entries[i].usec);
	for (unsigned i = 0; i < state->held_count; i++)
		last = max_u64(last, held_end(&state->held[i]));
	return last;
}

static void find_origin(struct timeline *timeline, const struct state *state)
{
	uint64_t end = state->ready_usec ? state->ready_usec : last_heard(state);
	uint64_t wait = after(state->first_usec, state->started_usec);

	timeline->origin_usec = state->started_usec;
	timeline->start_known =
		state->vmm_pid > 0 || (state->started_usec > state->listening_usec &&
	                               state->first_usec > state->started_usec);
	if (timeline->start_known || state->first_usec == 0 ||
	    wait / WAIT_TIMES <= after(end, state->first_usec))
		return;
	timeline->waited = wait;
	timeline->origin_usec = state->first_usec;
}

/* When the shutdown began, and when it ended. */
static void find_stop(struct timeline *timeline, const struct state *state)
{
	const struct state_text shutdown = {"shutdown.target", strlen("shutdown.target")};
	const struct state_fact *fact = state_fact_find(&state->facts, STATE_UNIT, shutdown);

	timeline->stopping = TIMELINE_NEVER;
	timeline->stopped = TIMELINE_NEVER;
	if (state->life == STATE_STOPPED)
		timeline->stopped = at_or_never(timeline, state->since_usec);
	if (fact && fact->number)
		timeline->stopping = at_or_never(timeline, fact->usec);
	else if (state->life == STATE_STOPPING)
		timeline->stopping = at_or_never(timeline, state->since_usec);
}

static void find_outcome(struct timeline *timeline, const struct state *state)
{
	timeline->outcome_at = timeline_at(timeline, state->since_usec);
	if (state->ready_usec) {
		timeline->outcome = TIMELINE_READY;
		timeline->outcome_at = timeline_at(timeline, state->ready_usec);
	} else if (state->life == STATE_EMERGENCY) {
		timeline->outcome = TIMELINE_EMERGENCY;
	} else if (state->life == STATE_PANICKED) {
		timeline->outcome = TIMELINE_PANICKED;
	} else if (state->life == STATE_STOPPED) {
		timeline->outcome = TIMELINE_ENDED;
	} else {
		timeline->outcome = TIMELINE_PENDING;
		timeline->outcome_at = timeline_at(timeline, last_heard(state));
	}
}

/* How long the guest was held by the notification of this time: it came while its connection was open. */
static uint64_t held_for(const struct state *state, uint64_t usec)
{
	for (unsigned i = state->held_count; i-- > 0;)
		if (state->held[i].accepted_usec <= usec && usec <= held_end(&state->held[i]))
			return state->held[i].held_usec;
	return TIMELINE_NEVER;
}

/* Inserts a unit before those that came later, and after those with the same time. */
static void insert(struct timeline *timeline, unsigned first, const struct timeline_row *row)
{
	unsigned at = timeline->row_count++;

	for (; at > first && timeline->rows[at - 1].end > row->end; at--)
		timeline->rows[at] = timeline->rows[at - 1];
	timeline->rows[at] = *row;
}

static void add_units(struct timeline *timeline, const struct state *state)
{
	unsigned first = timeline->row_count;

	for (unsigned i = 0; i < state->facts.count; i++) {
		const struct state_fact *fact = &state->facts.entries[i];
		struct timeline_row row = {.kind = TIMELINE_UNIT};

		if (fact->kind != STATE_UNIT || fact->usec == 0)
			continue;
		row.name = state_fact_name(&state->facts, fact);
		row.end = timeline_at(timeline, fact->usec);
		row.held = held_for(state, fact->usec);
		if (row.end >= timeline->stopping)
			row.kind = TIMELINE_STOP;
		insert(timeline, first, &row);
	}
}

static void add_start(struct timeline *timeline)
{
	struct timeline_row *row = &timeline->rows[timeline->row_count];

	if (timeline->first == TIMELINE_NEVER || timeline->first == 0)
		return;
	timeline->row_count++;
	row->kind = TIMELINE_START;
	row->name = timeline->start_known ? "firmware and kernel" : "listening";
	row->end = timeline->first;
	row->held = TIMELINE_NEVER;
}

/* Each row begins where the row before it ended; the first of the shutdown, when the shutdown began. */
static void set_begins(struct timeline *timeline)
{
	uint64_t begin = 0;

	for (unsigned i = 0; i < timeline->row_count; i++) {
		struct timeline_row *row = &timeline->rows[i];

		if (row->kind == TIMELINE_STOP)
			begin = max_u64(begin, timeline->stopping);
		row->begin = min_u64(begin, row->end);
		begin = row->end;
	}
}

/* Whether the boot is over, so that it has not waited for what comes now. */
static bool is_settled(const struct timeline *timeline)
{
	return timeline->outcome == TIMELINE_READY || timeline->outcome == TIMELINE_EMERGENCY;
}

static void set_end(struct timeline *timeline, const struct state *state)
{
	uint64_t limit = timeline_at(timeline, last_heard(state));
	uint64_t settled = timeline->outcome_at;

	timeline->end = max_u64(timeline->outcome_at, 1);
	if (is_settled(timeline)) {
		limit = settled + max_u64(settled / AFTER_READY_PART, AT_ONCE_USEC);
		limit = limit < settled ? UINT64_MAX : limit;
	}
	for (unsigned i = 0; i < timeline->row_count; i++) {
		struct timeline_row *row = &timeline->rows[i];

		row->beyond = row->end > limit;
		if (is_settled(timeline) && row->kind == TIMELINE_STOP)
			row->beyond = true;
		if (!row->beyond)
			timeline->end = max_u64(timeline->end, row->end);
	}
}

static void sum_held(struct timeline *timeline, const struct state *state)
{
	for (unsigned i = 0; i < state->held_count; i++) {
		const struct state_held *held = &state->held[i];

		if (timeline_at(timeline, held->accepted_usec) > timeline->end)
			break;
		timeline->held_count++;
		timeline->held_total += held->held_usec;
		timeline->held_max = max_u64(timeline->held_max, held->held_usec);
	}
}

void timeline_make(struct timeline *timeline, const struct state *state)
{
	memset(timeline, 0, sizeof(*timeline));
	timeline->state = state;
	find_origin(timeline, state);
	timeline->first = at_or_never(timeline, state->first_usec);
	find_stop(timeline, state);
	find_outcome(timeline, state);
	add_start(timeline);
	add_units(timeline, state);
	set_begins(timeline);
	set_end(timeline, state);
	sum_held(timeline, state);
}
