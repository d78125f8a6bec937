/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/loop: timers, and what their callbacks may do to them. */
#include "base/loop.h"

#include "base/clock.h"
#include "base/macros.h"
#include "harness.h"
#include "harness_loop.h"

static struct loop loop;

/* Which timers fired, a letter each. */
static char happened[256];

struct thing {
	struct loop_timer timer;
	char name;
	struct thing *victim;
	uint64_t again_usec;
	unsigned fired;
};

static void timer_time(struct loop_timer *timer, uint64_t now)
{
	struct thing *thing = container_of(timer, struct thing, timer);

	ck_assert_uint_eq(timer->deadline_usec, 0);
	ck_assert_uint_gt(now, 0);
	happened[strlen(happened)] = thing->name;
	thing->fired++;
	if (thing->victim)
		loop_timer_cancel(&thing->victim->timer);
	if (thing->again_usec)
		loop_timer_set(&loop, &thing->timer, thing->again_usec);
}

static void set_timer(struct thing *thing, char name, uint64_t deadline_usec)
{
	thing->name = name;
	thing->timer.callback = timer_time;
	loop_timer_set(&loop, &thing->timer, deadline_usec);
}

static void setup(void)
{
	ck_assert_int_eq(loop_init(&loop), 0);
}

static void teardown(void)
{
	loop_deinit(&loop);
}

START_TEST(timers_fire_in_the_order_of_their_deadlines)
{
	struct thing a = {0}, b = {0}, c = {0}, d = {0};

	set_timer(&c, 'c', 30);
	set_timer(&a, 'a', 10);
	set_timer(&d, 'd', 30);
	set_timer(&b, 'b', 20);
	ck_assert_uint_eq(harness_deadline(&loop), 10);
	harness_settle(&loop);
	ck_assert_str_eq(happened, "abcd");
	harness_settle(&loop);
	ck_assert_str_eq(happened, "abcd");
}
END_TEST

START_TEST(a_timer_that_is_not_due_does_not_fire)
{
	struct thing a = {0}, b = {0};

	set_timer(&a, 'a', UINT64_MAX);
	set_timer(&b, 'b', now_usec() + 3600 * USEC_PER_SEC);
	harness_settle(&loop);
	ck_assert_str_eq(happened, "");
	loop_timer_cancel(&a.timer);
	loop_timer_cancel(&b.timer);
	ck_assert_ptr_null(loop.timers);
}
END_TEST

START_TEST(a_timer_may_be_moved_earlier_and_later_and_cancelled_twice)
{
	struct thing a = {0}, b = {0}, c = {0};

	set_timer(&a, 'a', 10);
	set_timer(&b, 'b', 20);
	set_timer(&c, 'c', 30);
	set_timer(&c, 'c', 5);
	set_timer(&a, 'a', 40);
	loop_timer_cancel(&b.timer);
	loop_timer_cancel(&b.timer);
	harness_settle(&loop);
	ck_assert_str_eq(happened, "ca");
}
END_TEST

static void stop_time(struct loop_timer *timer, uint64_t now)
{
	timer_time(timer, now);
	loop_stop(&loop);
}

/* The timerfd stands at a, fires in vain, and must then stand at b: or else this never ends. */
START_TEST(after_the_earliest_is_cancelled_the_next_still_fires)
{
	struct thing a = {0}, b = {.name = 'b', .timer.callback = stop_time};

	set_timer(&a, 'a', now_usec() + 1000);
	loop_timer_set(&loop, &b.timer, now_usec() + 2000);
	loop_timer_cancel(&a.timer);
	ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_str_eq(happened, "b");
}
END_TEST

START_TEST(a_timer_cancelled_by_another_that_is_due_too_does_not_fire)
{
	struct thing a = {0}, b = {0}, c = {0};

	a.victim = &b;
	set_timer(&a, 'a', 10);
	set_timer(&b, 'b', 20);
	set_timer(&c, 'c', 30);
	harness_settle(&loop);
	ck_assert_str_eq(happened, "ac");
}
END_TEST

START_TEST(a_timer_may_set_itself_again)
{
	struct thing a = {.again_usec = UINT64_MAX};

	set_timer(&a, 'a', 10);
	harness_settle(&loop);
	ck_assert_str_eq(happened, "a");
	ck_assert_uint_eq(a.timer.deadline_usec, UINT64_MAX);
	loop_timer_cancel(&a.timer);
}
END_TEST

static void again_but_not_for_ever(struct loop_timer *timer, uint64_t now)
{
	struct thing *thing = container_of(timer, struct thing, timer);

	(void)now;
	if (++thing->fired < 1000)
		loop_timer_set(&loop, timer, 1);
}

/* "A time that has passed fires in the next round": other sources must have their turn. */
START_TEST(a_timer_that_sets_itself_to_the_past_fires_once_a_round)
{
	struct thing a = {.timer.callback = again_but_not_for_ever};

	loop_timer_set(&loop, &a.timer, 1);
	harness_round(&loop);
	ck_assert_uint_le(a.fired, 1);
	harness_round(&loop);
	harness_round(&loop);
	ck_assert_uint_ge(a.fired, 2);
	ck_assert_uint_le(a.fired, 3);
	loop_timer_cancel(&a.timer);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loop_timers");
	TCase *tcase = harness_case(suite, "timers");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, timers_fire_in_the_order_of_their_deadlines);
	tcase_add_test(tcase, a_timer_that_is_not_due_does_not_fire);
	tcase_add_test(tcase, a_timer_may_be_moved_earlier_and_later_and_cancelled_twice);
	tcase_add_test(tcase, after_the_earliest_is_cancelled_the_next_still_fires);
	tcase_add_test(tcase, a_timer_cancelled_by_another_that_is_due_too_does_not_fire);
	tcase_add_test(tcase, a_timer_may_set_itself_again);
	tcase_add_test(tcase, a_timer_that_sets_itself_to_the_past_fires_once_a_round);
	return harness_run(suite);
}
