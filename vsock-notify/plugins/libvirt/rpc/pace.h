/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the next publication may be, and when the next try to connect. Pure: times are microseconds of
 * CLOCK_MONOTONIC.
 *
 * A guest says as often as it likes how it is doing, and each publication is written to disk by libvirtd and told
 * to all its clients. A change of state is published at once as long as there are not many of them; a status
 * text waits until as much time has passed as the publications before it are worth.
 */
#ifndef RPC_PACE_H
#define RPC_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_INTERVAL_USEC UINT64_C(250000)

/* So many changes of state in a row do not wait. */
#define PACE_BURST 8

struct pace {
	uint64_t free_usec; /* a status text may be published from here on */
};

/* The earliest time for a publication, at or after now. */
static inline uint64_t pace_due(const struct pace *pace, bool moved, uint64_t now_usec)
{
	uint64_t ahead = moved ? (PACE_BURST - 1) * PACE_INTERVAL_USEC : 0;

	return pace->free_usec > now_usec + ahead ? pace->free_usec - ahead : now_usec;
}

/* One has been made. */
static inline void pace_published(struct pace *pace, uint64_t now_usec)
{
	pace->free_usec =
		(pace->free_usec > now_usec ? pace->free_usec : now_usec) + PACE_INTERVAL_USEC;
}

#define BACKOFF_FIRST_USEC UINT64_C(100000)
#define BACKOFF_LAST_USEC  UINT64_C(30000000)

/* All zeros: there was no failure. */
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
