/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides when the next publication may be made, and when the next try to connect. Pure functions; times are in microseconds
 * of CLOCK_MONOTONIC.
 *
 * A guest may send messages as often as it likes, but libvirtd writes each publication to disk and sends it to all its
 * clients. Each publication costs PACE_INTERVAL_USEC. A status text waits until that time has passed for all publications
 * before it. A change of state waits only if there were more than PACE_BURST of them.
 */
#ifndef RPC_PACE_H
#define RPC_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_INTERVAL_USEC UINT64_C(250000)

/* The number of changes of state in a row that do not wait. */
#define PACE_BURST 8

struct pace {
	uint64_t free_usec; /* a status text may be published from then on */
};

/* Returns the earliest time for a publication, at or after now. */
static inline uint64_t pace_due(const struct pace *pace, bool moved, uint64_t now_usec)
{
	uint64_t ahead = moved ? (PACE_BURST - 1) * PACE_INTERVAL_USEC : 0;

	return pace->free_usec > now_usec + ahead ? pace->free_usec - ahead : now_usec;
}

/* Counts a publication. */
static inline void pace_published(struct pace *pace, uint64_t now_usec)
{
	pace->free_usec =
		(pace->free_usec > now_usec ? pace->free_usec : now_usec) + PACE_INTERVAL_USEC;
}

#define BACKOFF_FIRST_USEC UINT64_C(100000)
#define BACKOFF_LAST_USEC  UINT64_C(30000000)

/* The pauses between tries, which grow. Zero-initialise: no try has failed. */
struct backoff {
	uint64_t pause_usec;
	uint64_t until_usec; /* no try before this */
};

static inline void backoff_failed(struct backoff *backoff, uint64_t now_usec)
{
	backoff->pause_usec = backoff->pause_usec ? backoff->pause_usec * 2 : BACKOFF_FIRST_USEC;
	if (backoff->pause_usec > BACKOFF_LAST_USEC)
		backoff->pause_usec = BACKOFF_LAST_USEC;
	backoff->until_usec = now_usec + backoff->pause_usec;
}

#endif
