/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot as the host saw it, in the order in which it came: what a table and a picture of it share. Pure: it points into the
 * state that it was made from.
 *
 * A unit says only when it became active, so each row begins where the one before it ended: what the boot waited
 * for, step by step; the steps add up. All times are microseconds from the axis' beginning, which is the start
 * of the VM or of this life. Where nobody told that (vsock-notify serve beside a VMM), it is when the bridge began
 * to listen, unless that was so long before the first word that nothing else would be seen: then it is the first word.
 *
 * The picture ends with readiness and what followed at once; where the guest is not ready, with the last that was
 * heard. What came after that is beyond.
 */
#ifndef TIMELINE_MODEL_H
#define TIMELINE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "state/state.h"

/* A time that has not come. */
#define TIMELINE_NEVER UINT64_MAX

#define TIMELINE_ROWS_MAX (STATE_FACTS_MAX + 1)

enum timeline_kind {
	TIMELINE_START, /* up to the first word */
	TIMELINE_UNIT,
	TIMELINE_STOP /* a unit of the way down */
};

struct timeline_row {
	enum timeline_kind kind;
	const char *name;
	uint64_t begin, end;
	uint64_t held; /* how long the guest was held for saying so; TIMELINE_NEVER: not known */
	bool beyond;
};

enum timeline_outcome {
	TIMELINE_READY,
	TIMELINE_EMERGENCY,
	TIMELINE_PANICKED,
	TIMELINE_ENDED,  /* it ended, and had not been ready */
	TIMELINE_PENDING /* not yet */
};

struct timeline {
	const struct state *state;
	uint64_t origin_usec; /* CLOCK_MONOTONIC */
	bool start_known;     /* of the VM, or of this life */
	uint64_t waited; /* listening, before an axis that begins with the first word; else 0 */
	uint64_t end;    /* at least 1 */
	uint64_t first;
	enum timeline_outcome outcome;
	uint64_t outcome_at;
	uint64_t stopping, stopped;

	struct timeline_row rows[TIMELINE_ROWS_MAX];
	unsigned row_count;

	/* Of the notifications that are kept, those that are not beyond, which are the first. */
	unsigned held_count;
	uint64_t held_total, held_max;
};

void timeline_make(struct timeline *timeline, const struct state *state);

/* A time of the state's on the axis. */
uint64_t timeline_at(const struct timeline *timeline, uint64_t usec);

/* "ready", ... */
const char *timeline_outcome_name(enum timeline_outcome outcome);

#endif
