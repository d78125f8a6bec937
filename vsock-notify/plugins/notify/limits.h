/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits how often and how far a guest may change what the service manager does with the unit. Pure: the caller hands in the
 * time.
 *
 *   timeouts     one EXTEND_TIMEOUT_USEC= reaches at most max_extend_usec, and all of them together move timeouts by at
 *                most max_extend_total_usec. So the service manager sees in the end that a guest hangs
 *   transitions  RELOADING=1 and STOPPING=1 start jobs and bus signals on the host, so changes to them are limited in rate.
 *                READY=1 always passes, because a unit must not stay reloading; it is a change only if the last
 *                state told was another one
 *   watchdog     WATCHDOG=1 passes at most twenty times a second
 */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"
#include "policy.h"

/* Defaults of max-extend= and max-extend-total=, seconds. */
#define LIMITS_EXTEND_SEC       600
#define LIMITS_EXTEND_TOTAL_SEC 3600

#define LIMITS_TRANSITIONS              10
#define LIMITS_TRANSITION_INTERVAL_USEC UINT64_C(10000000)
#define LIMITS_WATCHDOG_INTERVAL_USEC   UINT64_C(50000)

/* The state of which the service manager has been told nothing yet. */
#define LIMITS_STARTING POLICY_REFUSED

enum limits_verdict {
	LIMITS_SAME, /* may be told, but is no change */
	LIMITS_CHANGE,
	LIMITS_EXCEEDED /* must not be told */
};

struct limits {
	uint64_t max_extend_usec;
	uint64_t extend_left_usec; /* of the total */
	uint64_t extended_to_usec; /* where timeouts have been moved to */
	/* What the service manager has been told last: the field that says so, or LIMITS_STARTING. */
	enum policy_field state;
	struct rate transitions;
	struct rate ends;
	struct rate watchdog;
};

/* The defaults. */
void limits_init(struct limits *limits);

/* Whether the service manager may be told this state of the unit now: POLICY_READY, POLICY_RELOADING or POLICY_STOPPING. */
enum limits_verdict limits_tell(struct limits *limits, enum policy_field state, uint64_t now_usec);

/* The guest has sent its EXIT_STATUS=. Returns true if that counts as a change of state, false if it came too often. */
bool limits_end(struct limits *limits, uint64_t now_usec);

/* How much of want_usec the timeout may be extended by now; 0: nothing. */
uint64_t limits_extend(struct limits *limits, uint64_t want_usec, uint64_t now_usec);

/* Whether a WATCHDOG=1 passes now. */
bool limits_watchdog(struct limits *limits, uint64_t now_usec);

#endif
