/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of guest/admission: guests' connections in each state. The host takes nothing, so that a guest is
 * held as long as the test wants.
 */
#ifndef ADMISSION_FIXTURE_H
#define ADMISSION_FIXTURE_H

#include "guest/connection_private.h"

#include "connection_fixture.h"

static unsigned queued; /* of somebody else's datagrams, which fill the host's queue */

static inline void setup(void)
{
	fixture_setup();
	queued = harness_fill(&host_address);
}

static inline void let_host_read(void)
{
	while (queued--)
		ck_assert_str_eq(harness_read(host_fd, NULL), "full");
	harness_settle(&loop);
}

/* Has the silence after the newest connection's bytes be over. */
static inline void newest_timer_fires(void)
{
	struct loop_timer *timer = &all.first->timer;
	uint64_t deadline_usec = timer->deadline_usec;

	loop_timer_cancel(timer);
	timer->callback(timer, deadline_usec);
}

/* A guest whose connection is in the state that kind stands for. */
static inline int guest_of(char kind)
{
	int guest;

	all.backend.passes_half_close = false;
	verdict = kind == 't' || kind == 'b' ? VSN_VERDICT_COMPLETE : VSN_VERDICT_NONE;
	switch (kind) {
	case 's': /* silent */
		guest = guest_connect("");
		ck_assert_int_eq(all.first->state, CONNECTION_READING);
		break;
	case 'u': /* unended */
		guest = guest_connect("UNENDED=1");
		ck_assert_int_eq(all.first->state, CONNECTION_READING);
		break;
	case 'h': /* held */
		guest = guest_connect("HELD=1");
		guest_half_close(guest);
		ck_assert_int_eq(all.first->state, CONNECTION_HELD);
		ck_assert(!all.first->delivery.hold.barrier);
		break;
	case 'd': /* draining */
		guest = guest_connect("DRAINING=1");
		newest_timer_fires();
		ck_assert_int_eq(all.first->state, CONNECTION_DRAINING);
		break;
	case 't': /* taken */
		guest = guest_connect(BARRIER_TEXT);
		ck_assert_int_eq(all.first->state, CONNECTION_TAKEN);
		break;
	default: /* held for a barrier */
		guest = guest_connect(BARRIER_TEXT);
		guest_half_close(guest);
		ck_assert_int_eq(all.first->state, CONNECTION_HELD);
		ck_assert(all.first->delivery.hold.barrier);
		break;
	}
	return guest;
}

/* The newest connection is not young any more. */
static inline void newest_grows_old(void)
{
	all.first->accepted_usec -= ADMISSION_YOUNG_USEC;
	if (all.first->answered_usec)
		all.first->answered_usec -= ADMISSION_YOUNG_USEC;
}

static inline bool is_open(uint64_t id)
{
	for (const struct connection *one = all.first; one; one = one->next)
		if (one->delivery.id == id)
			return true;
	return false;
}

#endif
