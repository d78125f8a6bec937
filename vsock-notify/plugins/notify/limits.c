/* SPDX-License-Identifier: Apache-2.0 */
/* Limits what a guest may change (rules: limits.h). */
#include "limits.h"

#include "base/clock.h"
#include "base/macros.h"

/* The sum, or the largest number. */
static uint64_t add_u64(uint64_t a, uint64_t b)
{
	return a + min_u64(b, UINT64_MAX - a);
}

static const struct rate_rule transition_rule = {LIMITS_TRANSITIONS,
                                                 LIMITS_TRANSITION_INTERVAL_USEC};

void limits_init(struct limits *limits)
{
	*limits = (struct limits){
		.max_extend_usec = LIMITS_EXTEND_SEC * USEC_PER_SEC,
		.extend_left_usec = LIMITS_EXTEND_TOTAL_SEC * USEC_PER_SEC,
		.state = LIMITS_STARTING,
	};
}

enum limits_verdict limits_tell(struct limits *limits, enum policy_field state, uint64_t now_usec)
{
	if (state == limits->state)
		return LIMITS_SAME;
	if (state != POLICY_READY && !rate_pass(&limits->transitions, &transition_rule, now_usec))
		return LIMITS_EXCEEDED;
	limits->state = state;
	return LIMITS_CHANGE;
}

uint64_t limits_extend(struct limits *limits, uint64_t want_usec, uint64_t now_usec)
{
	uint64_t from = max_u64(limits->extended_to_usec, now_usec);
	uint64_t to = add_u64(now_usec, min_u64(want_usec, limits->max_extend_usec));

	if (to > from) {
		uint64_t cost = min_u64(to - from, limits->extend_left_usec);

		limits->extend_left_usec -= cost;
		to = from + cost;
		limits->extended_to_usec = to;
	}
	return to - now_usec;
}

bool limits_end(struct limits *limits, uint64_t now_usec)
{
	return rate_pass(&limits->ends, &transition_rule, now_usec);
}

bool limits_watchdog(struct limits *limits, uint64_t now_usec)
{
	static const struct rate_rule rule = {1, LIMITS_WATCHDOG_INTERVAL_USEC};

	return rate_pass(&limits->watchdog, &rule, now_usec);
}
