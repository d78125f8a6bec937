/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of pluginhost/quota: a bucket a process, a part of it for PID 1, and one for all processes together. */
#include "pluginhost/quota.h"

#include "harness.h"

#define NOW UINT64_C(1000000000)

/* What others than PID 1 may use. */
#define OPEN     (QUOTA_BURST - QUOTA_RESERVE)
#define ALL_OPEN (QUOTA_ALL_BURST - QUOTA_RESERVE)

static struct quota quota;

static void setup(void)
{
	memset(&quota, 0, sizeof(quota));
}

/* How many of so many tries of one process pass. */
static unsigned take(int64_t pid, bool by_pid1, unsigned tries, uint64_t now)
{
	unsigned passed = 0;

	for (unsigned i = 0; i < tries; i++)
		passed += quota_take(&quota, pid, by_pid1, now);
	return passed;
}

static const int64_t pids[] = {1, 4711, INT32_MAX, 0, -1};

START_TEST(a_process_has_a_burst_and_then_one_each_interval)
{
	uint64_t now = NOW;

	ck_assert_uint_eq(take(pids[_i], false, 50000, now), OPEN);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(take(pids[_i], false, 3, now + QUOTA_INTERVAL_USEC - 1), 0);
		now += QUOTA_INTERVAL_USEC;
		ck_assert_uint_eq(take(pids[_i], false, 3, now), 1);
	}
	ck_assert_uint_eq(quota.exceeded, 0);
}
END_TEST

START_TEST(a_clock_that_stands_still_at_zero_gives_one_burst)
{
	ck_assert_uint_eq(take(7, false, 50000, 0), OPEN);
	ck_assert_uint_eq(take(7, false, 50000, 0), 0);
}
END_TEST

START_TEST(the_reserve_is_left_to_pid_1)
{
	ck_assert_uint_eq(take(7, false, 50000, NOW), OPEN);
	ck_assert_uint_eq(take(7, true, 50000, NOW), QUOTA_RESERVE);
	ck_assert_uint_eq(take(7, true, 3, NOW + QUOTA_INTERVAL_USEC), 1);
	/* What comes in again is PID 1's first. */
	ck_assert_uint_eq(take(7, false, 3, NOW + 2 * QUOTA_INTERVAL_USEC), 0);
	ck_assert_uint_eq(take(7, true, 3, NOW + 2 * QUOTA_INTERVAL_USEC), 1);
}
END_TEST

START_TEST(pid_1_alone_has_it_all)
{
	ck_assert_uint_eq(take(7, true, 50000, NOW), QUOTA_BURST);
	ck_assert_uint_eq(take(7, false, 50000, NOW), 0);
}
END_TEST

/* The guest that floods has used up nothing of what its neighbour has. */
START_TEST(one_process_does_not_use_up_what_is_anothers)
{
	take(7, false, 50000, NOW);
	ck_assert_uint_eq(take(8, false, 50000, NOW), OPEN);
	ck_assert_uint_eq(take(7, false, 1, NOW), 0);
}
END_TEST

START_TEST(all_together_have_a_bucket_with_a_reserve_too)
{
	ck_assert_uint_eq(take(7, false, 50000, NOW), OPEN);
	ck_assert_uint_eq(take(8, false, 50000, NOW), OPEN);
	ck_assert_uint_eq(take(9, false, 50000, NOW), ALL_OPEN - 2 * OPEN);
	ck_assert_uint_eq(take(10, false, 50000, NOW), 0);
	ck_assert_uint_eq(take(10, true, QUOTA_RESERVE + 1, NOW), QUOTA_RESERVE);
	ck_assert_uint_eq(take(10, true, 3, NOW + QUOTA_ALL_INTERVAL_USEC - 1), 0);
	ck_assert_uint_eq(take(10, true, 3, NOW + QUOTA_ALL_INTERVAL_USEC), 1);
	/* Two that flood get what each has by itself: all have twice as much. */
	setup();
	take(7, false, 50000, NOW);
	take(8, false, 50000, NOW);
	for (uint64_t i = 1; i < 100; i++) {
		ck_assert_uint_eq(take(7, false, 3, NOW + i * QUOTA_INTERVAL_USEC), 1);
		ck_assert_uint_eq(take(8, false, 3, NOW + i * QUOTA_INTERVAL_USEC), 1);
	}
}
END_TEST

/* Neither of the process's own bucket nor of the common one. */
START_TEST(what_is_refused_costs_nothing)
{
	take(7, false, 50000, NOW);
	ck_assert_uint_eq(quota.all.arrival_usec, NOW + OPEN * QUOTA_ALL_INTERVAL_USEC);
	take(8, false, 50000, NOW);
	take(9, false, 50000, NOW);
	ck_assert_uint_eq(quota.all.arrival_usec, NOW + ALL_OPEN * QUOTA_ALL_INTERVAL_USEC);
	ck_assert_uint_eq(take(10, false, 50000, NOW), 0);
	ck_assert_int_eq(quota.processes[3].pid, 10);
	ck_assert_uint_eq(quota.processes[3].rate.arrival_usec, 0);
}
END_TEST

/* A process that starts others for it has no more than all together. */
START_TEST(processes_without_number_are_bounded)
{
	unsigned passed = 0;

	for (int64_t pid = 1; pid <= 100000; pid++)
		passed += take(pid, false, 1, NOW);
	ck_assert_uint_eq(passed, ALL_OPEN);
	passed = 0;
	for (int64_t pid = 1; pid <= 100000; pid++)
		passed += take(pid, true, 1, NOW);
	ck_assert_uint_eq(passed, QUOTA_RESERVE);
	passed = 0;
	for (int64_t pid = 1; pid <= 100000; pid++)
		passed += take(pid, true, 1, NOW + 100 * QUOTA_ALL_INTERVAL_USEC);
	ck_assert_uint_eq(passed, 100);
}
END_TEST

/* Eight are known. The ninth takes the place of who was seen longest ago, who may then begin again. */
START_TEST(a_process_that_still_speaks_is_not_forgotten_for_a_ninth)
{
	uint64_t now = NOW;

	ck_assert_uint_eq(take(1, false, 50000, now), OPEN);
	for (int64_t pid = 2; pid <= QUOTA_PROCESSES; pid++)
		ck_assert_uint_eq(take(pid, false, 1, ++now), 1);
	/* That it was refused does not matter: it was there. */
	ck_assert_uint_eq(take(1, false, 1, ++now), 0);
	ck_assert_uint_eq(take(9, false, 1, ++now), 1);
	ck_assert_uint_eq(take(10, false, 1, ++now), 1);
	ck_assert_uint_eq(take(1, false, 1, ++now), 0);
	ck_assert_int_eq(quota.processes[0].pid, 1);
	ck_assert_int_eq(quota.processes[1].pid, 9);
	ck_assert_int_eq(quota.processes[2].pid, 10);
	ck_assert_int_eq(quota.processes[3].pid, 4);
}
END_TEST

START_TEST(who_was_seen_longest_ago_begins_again)
{
	uint64_t now = NOW;

	take(1, false, 50000, now);
	for (int64_t pid = 2; pid <= QUOTA_PROCESSES + 1; pid++)
		take(pid, false, 1, ++now);
	ck_assert_uint_eq(take(1, false, 50000, now), OPEN);
}
END_TEST

START_TEST(a_process_is_found_again_wherever_it_is_kept)
{
	for (int64_t pid = 1; pid <= QUOTA_PROCESSES; pid++)
		take(pid, false, 4, NOW + (uint64_t)pid);
	for (int64_t pid = QUOTA_PROCESSES; pid >= 1; pid--)
		take(pid, false, 1, NOW + 100);
	for (unsigned i = 0; i < QUOTA_PROCESSES; i++) {
		ck_assert_int_eq(quota.processes[i].pid, i + 1);
		ck_assert_uint_eq(quota.processes[i].rate.arrival_usec,
		                  NOW + i + 1 + 5 * QUOTA_INTERVAL_USEC);
	}
}
END_TEST

/* A guest of 2000 units tells of each, and of its jobs three times a second for ten minutes. */
START_TEST(a_big_guests_boot_fits_in)
{
	unsigned passed = take(7, true, 2000, NOW);

	for (uint64_t i = 0; i < 1800; i++)
		passed += take(7, true, 1, NOW + i * 333000);
	ck_assert_uint_eq(passed, 3800);
	ck_assert_uint_eq(take(7, false, 5000, NOW + 1800 * UINT64_C(333000)), 5000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("quota");
	TCase *tcase = harness_case(suite, "quota");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, a_process_has_a_burst_and_then_one_each_interval, 0,
	                    (int)(sizeof(pids) / sizeof(pids[0])));
	tcase_add_test(tcase, a_clock_that_stands_still_at_zero_gives_one_burst);
	tcase_add_test(tcase, the_reserve_is_left_to_pid_1);
	tcase_add_test(tcase, pid_1_alone_has_it_all);
	tcase_add_test(tcase, one_process_does_not_use_up_what_is_anothers);
	tcase_add_test(tcase, all_together_have_a_bucket_with_a_reserve_too);
	tcase_add_test(tcase, what_is_refused_costs_nothing);
	tcase_add_test(tcase, processes_without_number_are_bounded);
	tcase_add_test(tcase, a_process_that_still_speaks_is_not_forgotten_for_a_ninth);
	tcase_add_test(tcase, who_was_seen_longest_ago_begins_again);
	tcase_add_test(tcase, a_process_is_found_again_wherever_it_is_kept);
	tcase_add_test(tcase, a_big_guests_boot_fits_in);
	return harness_run(suite);
}
