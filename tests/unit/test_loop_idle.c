/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/loop: what can wait is called when there is nothing else to do, or when it has waited long enough. */
#include "base/loop.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/macros.h"
#include "harness.h"
#include "harness_loop.h"

static struct loop loop;
static unsigned busy_rounds;
static bool was_called_at[LOOP_IDLE_ROUNDS * 4];

/* One that can wait. What it does when it is called is up to the case. */
struct waiter {
	struct loop_idle idle;
	unsigned calls;
	unsigned again; /* sets itself so often */
	struct waiter *next;
	bool stops;
};

static void called(struct loop_idle *idle)
{
	struct waiter *waiter = container_of(idle, struct waiter, idle);
	bool last = waiter->again == 0;

	waiter->calls++;
	/* It is set no more when it is called, and may set itself, or another. */
	ck_assert_ptr_null(loop.idle);
	if (waiter->again > 0) {
		waiter->again--;
		loop_idle_set(&loop, &waiter->idle);
	}
	if (waiter->next)
		loop_idle_set(&loop, &waiter->next->idle);
	if (waiter->stops && last)
		loop_stop(&loop);
}

static struct waiter a = {.idle.callback = called}, b = {.idle.callback = called};

static void setup(void)
{
	ck_assert_int_eq(loop_init(&loop), 0);
}

static void teardown(void)
{
	loop_deinit(&loop);
}

/* A source that is always ready. */
struct busy {
	struct loop_fd source;
	int fd;
	unsigned stop_after; /* rounds; 0: never */
	struct waiter *sets; /* in each round */
	struct waiter *cancels;
};

static void busy_event(struct loop_fd *source)
{
	struct busy *busy = container_of(source, struct busy, source);

	if (a.calls > 0 && busy_rounds < LOOP_IDLE_ROUNDS * 4)
		was_called_at[busy_rounds] = true;
	busy_rounds++;
	if (busy->sets)
		loop_idle_set(&loop, &busy->sets->idle);
	if (busy->cancels)
		loop_idle_cancel(&busy->cancels->idle);
	if (busy->stop_after > 0 && busy_rounds >= busy->stop_after)
		loop_stop(&loop);
}

static void add_busy(struct busy *busy)
{
	busy->source.callback = busy_event;
	busy->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_eq(loop_fd_add(&loop, &busy->source, busy->fd, EPOLLIN), 0);
}

START_TEST(it_is_called_once_when_there_is_nothing_to_do)
{
	a.stops = true;
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 1);
	ck_assert_ptr_null(a.idle.loop);
}
END_TEST

START_TEST(it_may_set_itself_again)
{
	a.stops = true;
	a.again = 5;
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 6);
}
END_TEST

START_TEST(it_waits_for_so_many_busy_rounds_and_no_more)
{
	struct busy busy = {.stop_after = LOOP_IDLE_ROUNDS * 2};

	add_busy(&busy);
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 1);
	ck_assert(!was_called_at[LOOP_IDLE_ROUNDS - 1]);
	ck_assert(was_called_at[LOOP_IDLE_ROUNDS]);
	close(busy.fd);
}
END_TEST

/* What is set already waits on: a source that sets it all the time does not put it off. */
START_TEST(setting_it_again_does_not_put_it_off)
{
	struct busy busy = {.stop_after = LOOP_IDLE_ROUNDS * 3 + 1, .sets = &a};

	add_busy(&busy);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 3);
	close(busy.fd);
}
END_TEST

START_TEST(a_source_goes_before_it)
{
	struct busy busy = {.stop_after = 3};

	add_busy(&busy);
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 0);
	loop_fd_remove(&loop, &busy.source);
	loop.stopped = false;
	a.stops = true;
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 1);
	close(busy.fd);
}
END_TEST

START_TEST(a_cancelled_one_is_not_called)
{
	struct busy busy = {.stop_after = LOOP_IDLE_ROUNDS * 2, .cancels = &a};

	loop_idle_cancel(&a.idle);
	add_busy(&busy);
	loop_idle_set(&loop, &a.idle);
	loop_idle_cancel(&a.idle);
	loop_idle_cancel(&a.idle);
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 0);
	ck_assert_ptr_null(loop.idle);
	close(busy.fd);
}
END_TEST

START_TEST(another_replaces_it)
{
	b.stops = true;
	loop_idle_set(&loop, &a.idle);
	loop_idle_set(&loop, &b.idle);
	/* What was replaced is not to take the other with it. */
	loop_idle_cancel(&a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 0);
	ck_assert_uint_eq(b.calls, 1);
}
END_TEST

START_TEST(one_may_set_another)
{
	a.next = &b;
	b.stops = true;
	loop_idle_set(&loop, &a.idle);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 1);
	ck_assert_uint_eq(b.calls, 1);
}
END_TEST

static void timer_sets(struct loop_timer *timer, uint64_t now)
{
	(void)timer;
	(void)now;
	loop_idle_set(&loop, &a.idle);
}

/* Nothing else would wake it. */
START_TEST(it_may_be_set_by_a_timer)
{
	struct loop_timer timer = {.callback = timer_sets};

	a.stops = true;
	loop_timer_set(&loop, &timer, now_usec() + 1000);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_uint_eq(a.calls, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loop_idle");
	TCase *tcase = harness_case(suite, "idle");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_is_called_once_when_there_is_nothing_to_do);
	tcase_add_test(tcase, it_may_set_itself_again);
	tcase_add_test(tcase, it_waits_for_so_many_busy_rounds_and_no_more);
	tcase_add_test(tcase, setting_it_again_does_not_put_it_off);
	tcase_add_test(tcase, a_source_goes_before_it);
	tcase_add_test(tcase, a_cancelled_one_is_not_called);
	tcase_add_test(tcase, another_replaces_it);
	tcase_add_test(tcase, one_may_set_another);
	tcase_add_test(tcase, it_may_be_set_by_a_timer);
	return harness_run(suite);
}
