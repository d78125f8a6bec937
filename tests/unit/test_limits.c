/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/limits: transitions, the budget of EXTEND_TIMEOUT_USEC, the watchdog's pace. */
#include "plugins/notify/limits.h"

#include "harness.h"

#define SECOND UINT64_C(1000000)
#define NOW    (1000 * SECOND)

static struct limits limits;

static void setup(void)
{
	memset(&limits, 0x55, sizeof(limits));
	limits_init(&limits);
}

/* --- transitions */

START_TEST(the_same_state_again_is_no_change_and_costs_nothing)
{
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(limits_tell(&limits, LIMITS_STARTING, NOW), LIMITS_SAME);
	ck_assert_int_eq(limits_tell(&limits, POLICY_STOPPING, NOW), LIMITS_CHANGE);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(limits_tell(&limits, POLICY_STOPPING, NOW), LIMITS_SAME);
	for (int i = 1; i < LIMITS_TRANSITIONS; i++) {
		ck_assert_int_eq(limits_tell(&limits, POLICY_READY, NOW), LIMITS_CHANGE);
		ck_assert_int_eq(limits_tell(&limits, POLICY_STOPPING, NOW), LIMITS_CHANGE);
	}
}
END_TEST

static const enum policy_field away[] = {POLICY_RELOADING, POLICY_STOPPING};

/* The pair that a flapping guest would send, as often as it can. */
static unsigned flap(enum policy_field state, uint64_t now, unsigned times)
{
	unsigned told = 0;

	for (unsigned i = 0; i < times; i++) {
		enum limits_verdict verdict = limits_tell(&limits, state, now);

		told += verdict == LIMITS_CHANGE;
		ck_assert_int_eq(limits.state, verdict == LIMITS_EXCEEDED ? POLICY_READY : state);
		ck_assert_int_eq(limits_tell(&limits, POLICY_READY, now),
		                 verdict == LIMITS_EXCEEDED ? LIMITS_SAME : LIMITS_CHANGE);
	}
	return told;
}

START_TEST(flapping_is_told_ten_times_and_then_once_in_ten_seconds)
{
	limits_tell(&limits, POLICY_READY, NOW);
	ck_assert_uint_eq(flap(away[_i], NOW, 1000), 10);
	ck_assert_uint_eq(flap(away[_i], NOW + 10 * SECOND - 1, 1000), 0);
	ck_assert_uint_eq(flap(away[_i], NOW + 10 * SECOND, 1000), 1);
	ck_assert_uint_eq(flap(away[_i], NOW + 10 * SECOND, 1000), 0);
	ck_assert_uint_eq(flap(away[_i], NOW + 50 * SECOND, 1000), 4);
	ck_assert_uint_eq(flap(away[_i], NOW + 100000 * SECOND, 1000), 10);
}
END_TEST

START_TEST(reloading_and_stopping_share_the_bucket)
{
	limits_tell(&limits, POLICY_READY, NOW);
	ck_assert_uint_eq(flap(POLICY_RELOADING, NOW, 6), 6);
	ck_assert_uint_eq(flap(POLICY_STOPPING, NOW, 6), 4);
	ck_assert_uint_eq(flap(POLICY_RELOADING, NOW, 6), 0);
	/* Nor is one of them a way round the other's limit. */
	ck_assert_int_eq(limits_tell(&limits, POLICY_RELOADING, NOW + 10 * SECOND), LIMITS_CHANGE);
	ck_assert_int_eq(limits_tell(&limits, POLICY_STOPPING, NOW + 10 * SECOND), LIMITS_EXCEEDED);
	ck_assert_int_eq(limits.state, POLICY_RELOADING);
}
END_TEST

/* A unit that was told to be reloading must not be left so, however often it was. */
START_TEST(ready_after_another_state_always_passes)
{
	limits_tell(&limits, POLICY_READY, NOW);
	flap(away[_i], NOW, LIMITS_TRANSITIONS - 1);
	ck_assert_int_eq(limits_tell(&limits, away[_i], NOW), LIMITS_CHANGE);
	ck_assert_int_eq(limits_tell(&limits, away[1 - _i], NOW), LIMITS_EXCEEDED);
	ck_assert_int_eq(limits_tell(&limits, POLICY_READY, NOW), LIMITS_CHANGE);
	ck_assert_int_eq(limits.state, POLICY_READY);
}
END_TEST

START_TEST(ready_uses_up_nothing_of_the_bucket)
{
	for (int i = 0; i < 1000; i++) {
		limits.state = LIMITS_STARTING;
		ck_assert_int_eq(limits_tell(&limits, POLICY_READY, NOW), LIMITS_CHANGE);
	}
	ck_assert_uint_eq(flap(POLICY_RELOADING, NOW, 1000), 10);
}
END_TEST

START_TEST(a_clock_at_zero_that_stands_still_is_a_clock)
{
	limits_tell(&limits, POLICY_READY, 0);
	ck_assert_uint_eq(flap(POLICY_STOPPING, 0, 1000), 10);
	ck_assert_uint_eq(flap(POLICY_STOPPING, 0, 1000), 0);
}
END_TEST

/* Of EXIT_STATUS=, as often as of other changes, in a bucket of its own. */
START_TEST(an_end_is_a_change_of_state_ten_times)
{
	unsigned passed = 0;

	for (int i = 0; i < 1000; i++)
		passed += limits_end(&limits, NOW);
	ck_assert_uint_eq(passed, 10);
	ck_assert(!limits_end(&limits, NOW + 10 * SECOND - 1));
	ck_assert(limits_end(&limits, NOW + 10 * SECOND));
	limits_tell(&limits, POLICY_READY, NOW);
	ck_assert_uint_eq(flap(POLICY_STOPPING, NOW, 1000), 10);
	ck_assert(!limits_end(&limits, NOW + 10 * SECOND));
}
END_TEST

/* --- EXTEND_TIMEOUT_USEC */

START_TEST(what_is_within_the_limit_is_granted_as_it_was_wanted)
{
	ck_assert_uint_eq(limits_extend(&limits, 1, NOW), 1);
	ck_assert_uint_eq(limits_extend(&limits, 5 * SECOND, NOW), 5 * SECOND);
	ck_assert_uint_eq(limits_extend(&limits, 600 * SECOND, NOW), 600 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3000 * SECOND);
}
END_TEST

START_TEST(one_reaches_ten_minutes_whatever_is_wanted)
{
	ck_assert_uint_eq(limits_extend(&limits, 600 * SECOND + 1, NOW), 600 * SECOND);
	ck_assert_uint_eq(limits_extend(&limits, UINT64_MAX, NOW), 600 * SECOND);
	ck_assert_uint_eq(limits_extend(&limits, UINT64_MAX - NOW, NOW), 600 * SECOND);
	ck_assert_uint_eq(limits_extend(&limits, UINT64_MAX - NOW + 1, NOW), 600 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3000 * SECOND);
}
END_TEST

/* Only what moves the end of a timeout on is paid for. */
START_TEST(a_shorter_one_within_a_longer_one_is_free)
{
	limits_extend(&limits, 100 * SECOND, NOW);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(limits_extend(&limits, 50 * SECOND, NOW + (uint64_t)i),
		                  50 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3500 * SECOND);
	/* A second later it reaches a second further. */
	ck_assert_uint_eq(limits_extend(&limits, 100 * SECOND, NOW + SECOND), 100 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3499 * SECOND);
	/* What has run out meanwhile is paid for anew. */
	ck_assert_uint_eq(limits_extend(&limits, 10 * SECOND, NOW + 1000 * SECOND), 10 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3489 * SECOND);
}
END_TEST

START_TEST(the_budget_is_used_up_to_the_microsecond)
{
	limits.extend_left_usec = 7;
	ck_assert_uint_eq(limits_extend(&limits, 5, NOW), 5);
	ck_assert_uint_eq(limits_extend(&limits, 7, NOW), 7);
	ck_assert_uint_eq(limits.extend_left_usec, 0);
	/* Until there it may be said again, not a microsecond further. */
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW), 7);
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW + 6), 1);
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW + 7), 0);
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW + 1000), 0);
	ck_assert_uint_eq(limits_extend(&limits, UINT64_MAX, NOW + 1000), 0);
}
END_TEST

START_TEST(the_last_part_of_the_budget_is_given_as_what_there_is)
{
	limits.extend_left_usec = 7;
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW), 7);
	ck_assert_uint_eq(limits.extend_left_usec, 0);
}
END_TEST

/* A guest that hangs and keeps saying so is seen in the end. */
START_TEST(a_guest_that_extends_for_ever_gets_an_hour)
{
	uint64_t now = NOW, end = NOW;

	for (int i = 0; i < 100000; i++) {
		uint64_t granted = limits_extend(&limits, (uint64_t)(1 + i % 700) * SECOND, now);

		if (granted > 0 && now + granted > end)
			end = now + granted;
		now += SECOND / 10;
	}
	ck_assert_uint_eq(end, NOW + 3600 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 0);
}
END_TEST

START_TEST(a_clock_that_stands_still_gives_no_more_than_one)
{
	for (int i = 0; i < 100000; i++)
		ck_assert_uint_eq(limits_extend(&limits, 600 * SECOND, 0), 600 * SECOND);
	ck_assert_uint_eq(limits.extend_left_usec, 3000 * SECOND);
}
END_TEST

START_TEST(a_limit_of_nothing_grants_nothing)
{
	limits.max_extend_usec = 0;
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW), 0);
	ck_assert_uint_eq(limits.extend_left_usec, 3600 * SECOND);
	limits_init(&limits);
	limits.extend_left_usec = 0;
	ck_assert_uint_eq(limits_extend(&limits, 100, NOW), 0);
	ck_assert_uint_eq(limits_extend(&limits, 0, NOW), 0);
}
END_TEST

/* Where the sum would be beyond the type: not more than wanted, nothing for free, never wrapped. */
START_TEST(near_the_clocks_end_nothing_wraps)
{
	uint64_t now = UINT64_MAX - 10;
	uint64_t left = limits.extend_left_usec;
	uint64_t granted = limits_extend(&limits, 600 * SECOND, now);

	ck_assert_uint_le(granted, 10);
	ck_assert_uint_eq(limits.extend_left_usec, left - granted);
	ck_assert_uint_eq(limits_extend(&limits, 5, UINT64_MAX), 0);
}
END_TEST

START_TEST(without_a_limit_the_type_is_the_limit)
{
	limits.max_extend_usec = UINT64_MAX;
	limits.extend_left_usec = UINT64_MAX;
	ck_assert_uint_eq(limits_extend(&limits, UINT64_MAX, NOW), UINT64_MAX - NOW);
	ck_assert_uint_eq(limits.extended_to_usec, UINT64_MAX);
	ck_assert_uint_eq(limits.extend_left_usec, NOW);
}
END_TEST

/* --- WATCHDOG=1 */

START_TEST(the_watchdog_passes_twenty_times_a_second)
{
	unsigned passed = 0;

	for (uint64_t now = NOW; now < NOW + SECOND; now += 100)
		passed += limits_watchdog(&limits, now);
	ck_assert_uint_eq(passed, 20);
}
END_TEST

START_TEST(the_first_after_a_silence_passes_at_once_and_no_second)
{
	ck_assert(limits_watchdog(&limits, 0));
	ck_assert(!limits_watchdog(&limits, 0));
	ck_assert(!limits_watchdog(&limits, 49999));
	ck_assert(limits_watchdog(&limits, 50000));
	ck_assert(limits_watchdog(&limits, NOW));
	ck_assert(!limits_watchdog(&limits, NOW));
}
END_TEST

START_TEST(each_limit_is_its_own)
{
	limits_tell(&limits, POLICY_READY, NOW);
	flap(POLICY_RELOADING, NOW, 1000);
	limits.extend_left_usec = 0;
	ck_assert(limits_watchdog(&limits, NOW));
	limits_init(&limits);
	limits_watchdog(&limits, NOW);
	ck_assert_int_eq(limits_tell(&limits, POLICY_STOPPING, NOW), LIMITS_CHANGE);
	ck_assert_uint_eq(limits_extend(&limits, 5, NOW), 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("limits");
	TCase *tcase = harness_case(suite, "transitions");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_same_state_again_is_no_change_and_costs_nothing);
	tcase_add_loop_test(tcase, flapping_is_told_ten_times_and_then_once_in_ten_seconds, 0, 2);
	tcase_add_test(tcase, reloading_and_stopping_share_the_bucket);
	tcase_add_loop_test(tcase, ready_after_another_state_always_passes, 0, 2);
	tcase_add_test(tcase, ready_uses_up_nothing_of_the_bucket);
	tcase_add_test(tcase, a_clock_at_zero_that_stands_still_is_a_clock);
	tcase_add_test(tcase, an_end_is_a_change_of_state_ten_times);
	tcase = harness_case(suite, "extend");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, what_is_within_the_limit_is_granted_as_it_was_wanted);
	tcase_add_test(tcase, one_reaches_ten_minutes_whatever_is_wanted);
	tcase_add_test(tcase, a_shorter_one_within_a_longer_one_is_free);
	tcase_add_test(tcase, the_budget_is_used_up_to_the_microsecond);
	tcase_add_test(tcase, the_last_part_of_the_budget_is_given_as_what_there_is);
	tcase_add_test(tcase, a_guest_that_extends_for_ever_gets_an_hour);
	tcase_add_test(tcase, a_clock_that_stands_still_gives_no_more_than_one);
	tcase_add_test(tcase, a_limit_of_nothing_grants_nothing);
	tcase_add_test(tcase, near_the_clocks_end_nothing_wraps);
	tcase_add_test(tcase, without_a_limit_the_type_is_the_limit);
	tcase = harness_case(suite, "watchdog");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_watchdog_passes_twenty_times_a_second);
	tcase_add_test(tcase, the_first_after_a_silence_passes_at_once_and_no_second);
	tcase_add_test(tcase, each_limit_is_its_own);
	return harness_run(suite);
}
