/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot as the host saw it, in order: what the table and the picture of a boot share. Pure; it points into the state that it was
 * made from.
 *
 * A unit only tells when it became active. So each row begins where the row before it ended: the rows are the steps that the
 * boot waited for, and the steps add up. All times are microseconds since the beginning of the axis. That is the start of
 * the VM or of this boot. If nobody reported a start (vsock-notify serve beside a VMM), it is when the bridge began to
 * listen; but if that was so long before the first word that nothing else would be visible, it is the first word.
 *
 * The picture ends with readiness and what followed at once; if the guest is not ready, with the last news of it. Rows that
 * came later are "beyond".
 */
#ifndef TIMELINE_MODEL_H
#define TIMELINE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "state/state.h"

/* The time of something that has not happened. */
#define TIMELINE_NEVER UINT64_MAX

#define TIMELINE_ROWS_MAX (STATE_FACTS_MAX + 1)

enum timeline_kind {
	TIMELINE_START, /* up to the first word */
	TIMELINE_UNIT,
	TIMELINE_STOP /* a unit of the shutdown */
};

struct timeline_row {
	enum timeline_kind kind;
	const char *name;
	uint64_t begin, end;
	uint64_t held; /* how long the notification held the guest; TIMELINE_NEVER: not known */
	bool beyond;
};

enum timeline_outcome {
	TIMELINE_READY,
	TIMELINE_EMERGENCY,
	TIMELINE_PANICKED,
	TIMELINE_ENDED,  /* the guest ended without having been ready */
	TIMELINE_PENDING /* not yet */
};

struct timeline {
	const struct state *state;
	uint64_t origin_usec; /* CLOCK_MONOTONIC */
	bool start_known;     /* the start of the VM or of this boot was reported */
	uint64_t
		waited; /* time of listening before the axis, if that begins with the first word; else 0 */
	uint64_t end; /* at least 1 */
	uint64_t first;
	enum timeline_outcome outcome;
	uint64_t outcome_at;
	uint64_t stopping, stopped;

	struct timeline_row rows[TIMELINE_ROWS_MAX];
	unsigned row_count;

	/* Notifications that are not beyond. They are the first ones that the state keeps. */
	unsigned held_count;
	uint64_t held_total, held_max;
};

void timeline_make(struct timeline *timeline, const struct state *state);

/* Converts a time of the state to a time on the axis. */
uint64_t timeline_at(const struct timeline *timeline, uint64_t usec);

/* "ready", ... */
const char *timeline_outcome_name(enum timeline_outcome outcome);

#endif
