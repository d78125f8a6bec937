/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often, and how far, a guest may move what the service manager does with the unit. Pure; the clock
 * is handed in.
 *
 *   timeouts     one EXTEND_TIMEOUT_USEC= reaches max_extend_usec at the most, and all of them together
 *                move the end of timeouts on by max_extend_total_usec: a guest that hangs, or is made
 *                to, is seen by the service manager in the end
 *   transitions  RELOADING=1 and STOPPING=1, where they are a change, come of a bucket: jobs and bus
 *                signals of the host hang on them. READY=1 always passes, as a unit must not be left
 *                reloading, and is a change only where something else was told before
 *   watchdog     WATCHDOG=1 passes twenty times a second at the most
 */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

/* Defaults of max-extend= and max-extend-total=, seconds. */
#define LIMITS_EXTEND_SEC       600
#define LIMITS_EXTEND_TOTAL_SEC 3600

#define LIMITS_TRANSITIONS              10
#define LIMITS_TRANSITION_INTERVAL_USEC UINT64_C(10000000)
#define LIMITS_WATCHDOG_INTERVAL_USEC   UINT64_C(50000)

/* What the service manager has been told last of the unit's state. */
enum limits_state {
	LIMITS_STARTING,
	LIMITS_READY,
	LIMITS_RELOADING,
	LIMITS_STOPPING
};

enum limits_verdict {
	LIMITS_SAME, /* may be told, but is no change */
	LIMITS_CHANGE,
	LIMITS_EXCEEDED /* must not be told */
};

struct limits {
	uint64_t max_extend_usec;
	uint64_t extend_left_usec; /* of the total */
	uint64_t extended_to_usec; /* where timeouts have been moved to */
	enum limits_state state;
	struct rate transitions;
	struct rate ends;
	struct rate watchdog;
};

/* The defaults. */
void limits_init(struct limits *limits);

/* The unit is to be told that state now. */
enum limits_verdict limits_tell(struct limits *limits, enum limits_state state, uint64_t now_usec);

/* The guest says its end. Whether that counts as a change of state, or has been said too often. */
bool limits_end(struct limits *limits, uint64_t now_usec);

/* By how much the timeout may be extended now, of what is wanted. 0: not at all. */
uint64_t limits_extend(struct limits *limits, uint64_t want_usec, uint64_t now_usec);

/* Whether a WATCHDOG=1 passes now. */
bool limits_watchdog(struct limits *limits, uint64_t now_usec);

#endif
