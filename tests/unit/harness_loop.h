/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop driven by hand: rounds that do not block, and timers that fire when the test says so,
 * whatever the clock says. Nothing here waits for time to pass.
 */
#ifndef HARNESS_LOOP_H
#define HARNESS_LOOP_H

#include <check.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/macros.h"

struct harness_pump {
	struct loop_fd source;
	struct loop *loop;
};

static inline void harness_pump_event(struct loop_fd *source)
{
	loop_stop(container_of(source, struct harness_pump, source)->loop);
}

/* One round: what is ready now is dispatched. */
static inline void harness_round(struct loop *loop)
{
	struct harness_pump pump = {.loop = loop,
	                            .source = {.callback = harness_pump_event, .late = true}};
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(loop_fd_add(loop, &pump.source, fd, EPOLLIN), 0);
	ck_assert_int_eq(loop_run(loop), 0);
	loop_fd_remove(loop, &pump.source);
	close(fd);
	loop->stopped = false;
}

/* As many rounds as chains of events in these tests are long, and some. */
static inline void harness_settle(struct loop *loop)
{
	for (int i = 0; i < 8; i++)
		harness_round(loop);
}

/* The earliest deadline that is set; 0 where there is none. */
static inline uint64_t harness_deadline(const struct loop *loop)
{
	return loop->timers ? loop->timers->deadline_usec : 0;
}

/* Has the earliest timer fire as if its time, or now_usec where that is later, had come. */
static inline void harness_fire(struct loop *loop, uint64_t at_usec)
{
	struct loop_timer *timer = loop->timers;
	uint64_t deadline_usec;

	ck_assert_ptr_nonnull(timer);
	deadline_usec = timer->deadline_usec;
	loop_timer_cancel(timer);
	timer->callback(timer, max_u64(deadline_usec, at_usec));
}

#endif
