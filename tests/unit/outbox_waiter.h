/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody who waits for what he has queued in the outbox of outbox_fixture.h. */
#ifndef OUTBOX_WAITER_H
#define OUTBOX_WAITER_H

#include "base/macros.h"
#include "outbox_fixture.h"

/* Who waits, and how often the wait has ended. */
struct waiter {
	struct hold hold;
	int released;
};

static inline void released(struct hold *hold)
{
	struct waiter *waiter = container_of(hold, struct waiter, hold);

	ck_assert_uint_eq(hold->pending, 0);
	waiter->released++;
}

/*
 * Queues each letter of texts for the waiter: a capital is state, a small one progress, '|' a barrier. Flushes, and returns
 * whether there is something to wait for.
 */
static inline bool queue(struct waiter *waiter, const char *texts)
{
	for (const char *text = texts; *text; text++) {
		if (*text == '|')
			ck_assert_int_eq(outbox_barrier(&outbox, &waiter->hold), 0);
		else
			ck_assert_int_eq(outbox_queue(&outbox, *text < 'a' ? STATE : PROGRESS, text,
			                              1, &waiter->hold),
			                 0);
	}
	outbox_flush(&outbox);
	waiter->hold.released = released;
	return waiter->hold.pending > 0;
}

#endif
