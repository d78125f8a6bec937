/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A limit in rate with a burst: a token bucket in its form for one clock value (the generic cell rate
 * algorithm, ITU-T I.371). Pure; the clock is handed in. For the shim and its plugins alike.
 *
 * Each event moves a theoretical arrival time on by the interval; one that comes so early that this time
 * would lie more than a burst ahead of the clock is over the limit, and costs nothing.
 */
#ifndef RATE_H
#define RATE_H

#include <stdbool.h>
#include <stdint.h>

/* What is allowed: burst events at once, then one each interval. burst is 1 or more. */
struct rate_rule {
	uint32_t burst;
	uint64_t interval_usec;
};

/* What has been. Zero: nothing yet. */
struct rate {
	uint64_t arrival_usec;
};

/* Whether an event passes that leaves reserve of the burst to others, and takes it down if so. */
static inline bool rate_pass_but(struct rate *rate, const struct rate_rule *rule, uint32_t reserve,
                                 uint64_t now_usec)
{
	uint64_t arrival = rate->arrival_usec > now_usec ? rate->arrival_usec : now_usec;

	/* At the end of the clock nothing passes. */
	if (reserve >= rule->burst || rule->interval_usec > UINT64_MAX - arrival ||
	    arrival - now_usec > (uint64_t)(rule->burst - 1 - reserve) * rule->interval_usec)
		return false;
	rate->arrival_usec = arrival + rule->interval_usec;
	return true;
}

/* Whether an event passes, and takes it down if so. */
static inline bool rate_pass(struct rate *rate, const struct rate_rule *rule, uint64_t now_usec)
{
	return rate_pass_but(rate, rule, 0, now_usec);
}

#endif
