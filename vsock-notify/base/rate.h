/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rate limit with a burst: a token bucket that needs only one clock value (the generic cell rate algorithm, ITU-T I.371).
 * Pure functions; the caller passes the time.
 *
 * Each event moves a theoretical arrival time on by the interval. An event is over the limit if this time would lie more than
 * a burst ahead of the clock; such an event changes nothing.
 */
#ifndef RATE_H
#define RATE_H

#include <stdbool.h>
#include <stdint.h>

/* The limit: burst events at once, then one in each interval. burst is 1 or more. */
struct rate_rule {
	uint32_t burst;
	uint64_t interval_usec;
};

/* What has happened so far. Zero-initialise. */
struct rate {
	uint64_t arrival_usec;
};

/* Whether an event passes that must leave a reserve of the burst to other events. If so, counts it. */
static inline bool rate_pass_but(struct rate *rate, const struct rate_rule *rule, uint32_t reserve,
                                 uint64_t now_usec)
{
	uint64_t arrival = rate->arrival_usec > now_usec ? rate->arrival_usec : now_usec;

	/* Nothing passes at the end of the clock. */
	if (reserve >= rule->burst || rule->interval_usec > UINT64_MAX - arrival ||
	    arrival - now_usec > (uint64_t)(rule->burst - 1 - reserve) * rule->interval_usec)
		return false;
	rate->arrival_usec = arrival + rule->interval_usec;
	return true;
}

/* Whether an event passes. If so, counts it. */
static inline bool rate_pass(struct rate *rate, const struct rate_rule *rule, uint64_t now_usec)
{
	return rate_pass_but(rate, rule, 0, now_usec);
}

#endif
