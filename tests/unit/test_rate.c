/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of base/rate: a burst at once, then one each interval, wherever the clock stands. The model
 * is a list of the times at which something passed: of any events, no more than a burst and one each
 * interval since the first of them.
 */
#include "base/rate.h"

#include "harness.h"

#define BURST    5
#define INTERVAL UINT64_C(100)

static const struct rate_rule rule = {BURST, INTERVAL};

static unsigned pass_many(struct rate *rate, unsigned tries, uint64_t now)
{
	unsigned passed = 0;

	for (unsigned i = 0; i < tries; i++)
		passed += rate_pass(rate, &rule, now);
	return passed;
}

static const uint64_t starts[] = {0, 1, INTERVAL - 1, 1000000007, UINT64_MAX / 2};

START_TEST(a_burst_passes_at_once_and_no_more)
{
	struct rate rate = {0};

	ck_assert_uint_eq(pass_many(&rate, 1000, starts[_i]), BURST);
	ck_assert_uint_eq(pass_many(&rate, 1000, starts[_i]), 0);
}
END_TEST

START_TEST(then_one_each_interval_to_the_microsecond)
{
	struct rate rate = {0};
	uint64_t now = starts[_i];

	pass_many(&rate, BURST, now);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(pass_many(&rate, 3, now + INTERVAL - 1), 0);
		now += INTERVAL;
		ck_assert_uint_eq(pass_many(&rate, 3, now), 1);
	}
}
END_TEST

START_TEST(silence_fills_it_up_again_and_never_over)
{
	struct rate rate = {0};
	uint64_t now = starts[_i];

	pass_many(&rate, BURST, now);
	now += 3 * INTERVAL;
	ck_assert_uint_eq(pass_many(&rate, 1000, now), 3);
	now += BURST * INTERVAL;
	ck_assert_uint_eq(pass_many(&rate, 1000, now), BURST);
	now += 1000 * INTERVAL;
	ck_assert_uint_eq(pass_many(&rate, 1000, now), BURST);
}
END_TEST

START_TEST(what_does_not_pass_costs_nothing)
{
	struct rate rate = {0}, patient = {0};
	uint64_t now = starts[_i];

	pass_many(&rate, BURST, now);
	pass_many(&patient, BURST, now);
	pass_many(&rate, 100000, now);
	ck_assert_uint_eq(rate.arrival_usec, patient.arrival_usec);
	ck_assert(rate_pass(&rate, &rule, now + INTERVAL));
}
END_TEST

START_TEST(a_reserve_is_left_to_others)
{
	struct rate rate = {0};

	for (int i = 0; i < BURST - 2; i++)
		ck_assert(rate_pass_but(&rate, &rule, 2, starts[_i]));
	ck_assert(!rate_pass_but(&rate, &rule, 2, starts[_i]));
	ck_assert(rate_pass_but(&rate, &rule, 1, starts[_i]));
	ck_assert(!rate_pass_but(&rate, &rule, 1, starts[_i]));
	ck_assert(rate_pass(&rate, &rule, starts[_i]));
	ck_assert(!rate_pass(&rate, &rule, starts[_i]));
	/* Who leaves a reserve waits until it is full again and one more. */
	ck_assert(!rate_pass_but(&rate, &rule, 2, starts[_i] + 3 * INTERVAL - 1));
	ck_assert(rate_pass_but(&rate, &rule, 2, starts[_i] + 3 * INTERVAL));
}
END_TEST

START_TEST(a_reserve_of_all_or_more_leaves_nothing)
{
	struct rate rate = {0};

	ck_assert(rate_pass_but(&rate, &rule, BURST - 1, 7));
	rate = (struct rate){0};
	ck_assert(!rate_pass_but(&rate, &rule, BURST, 7));
	ck_assert(!rate_pass_but(&rate, &rule, BURST + 1, 7));
	ck_assert(!rate_pass_but(&rate, &rule, UINT32_MAX, 7));
	ck_assert_uint_eq(rate.arrival_usec, 0);
}
END_TEST

START_TEST(a_burst_of_one_is_a_pace)
{
	const struct rate_rule pace = {1, INTERVAL};
	struct rate rate = {0};

	ck_assert(rate_pass(&rate, &pace, starts[_i]));
	ck_assert(!rate_pass(&rate, &pace, starts[_i]));
	ck_assert(!rate_pass(&rate, &pace, starts[_i] + INTERVAL - 1));
	ck_assert(rate_pass(&rate, &pace, starts[_i] + INTERVAL));
}
END_TEST

/* A product of the greatest numbers is no small one. */
START_TEST(a_large_burst_and_a_long_interval_do_not_overflow)
{
	const struct rate_rule large = {UINT32_MAX, UINT64_C(1) << 31};
	struct rate rate = {.arrival_usec = (UINT64_C(1) << 62)};

	ck_assert(rate_pass(&rate, &large, 1));
	ck_assert_uint_eq(rate.arrival_usec, (UINT64_C(1) << 62) + (UINT64_C(1) << 31));
}
END_TEST

/* After a suspend, or in a test: a clock that stands still or goes back does not open the bucket. */
START_TEST(a_clock_that_goes_back_lets_nothing_more_through)
{
	struct rate rate = {0};

	ck_assert_uint_eq(pass_many(&rate, 1000, 1000000), BURST);
	ck_assert_uint_eq(pass_many(&rate, 1000, 999999), 0);
	ck_assert_uint_eq(pass_many(&rate, 1000, 0), 0);
}
END_TEST

START_TEST(at_the_clocks_end_it_does_not_open_for_all)
{
	struct rate rate = {0};

	ck_assert_uint_le(pass_many(&rate, 1000, UINT64_MAX - 3 * INTERVAL), BURST);
	ck_assert_uint_le(pass_many(&rate, 1000, UINT64_MAX - 1), BURST);
	ck_assert_uint_le(pass_many(&rate, 1000, UINT64_MAX), BURST);
}
END_TEST

/* With a fixed seed: of every stretch of time no more passes than the rule has. */
#define EVENTS 4000

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

START_TEST(in_no_stretch_of_time_more_passes_than_the_rule_has)
{
	static uint64_t passed[EVENTS];
	struct rate rate = {0};
	uint64_t state = (uint64_t)_i + 1, now = starts[_i % 5];
	unsigned count = 0, tokens = BURST;
	uint64_t filled = now;

	for (int i = 0; i < EVENTS; i++) {
		bool got;

		now += next_random(&state) %
		       (next_random(&state) % 3 ? INTERVAL / 2 : 8 * INTERVAL);
		/* the same as a bucket that a token drops into each interval */
		while (filled + INTERVAL <= now) {
			filled += INTERVAL;
			tokens += tokens < BURST;
		}
		if (tokens == BURST)
			filled = now;
		got = rate_pass(&rate, &rule, now);
		harness_check(got == (tokens > 0), "event %d, %u tokens", i, tokens);
		tokens -= got;
		if (got)
			passed[count++] = now;
	}
	for (unsigned i = 0; i < count; i++)
		for (unsigned j = i; j < count && j < i + 50; j++)
			harness_check(j - i + 1 <= BURST + (passed[j] - passed[i]) / INTERVAL,
			              "%u pass from event %u on", j - i + 1, i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rate");
	TCase *tcase = harness_case(suite, "rate");

	tcase_add_loop_test(tcase, a_burst_passes_at_once_and_no_more, 0, 5);
	tcase_add_loop_test(tcase, then_one_each_interval_to_the_microsecond, 0, 5);
	tcase_add_loop_test(tcase, silence_fills_it_up_again_and_never_over, 0, 5);
	tcase_add_loop_test(tcase, what_does_not_pass_costs_nothing, 0, 5);
	tcase_add_loop_test(tcase, a_reserve_is_left_to_others, 0, 5);
	tcase_add_test(tcase, a_reserve_of_all_or_more_leaves_nothing);
	tcase_add_loop_test(tcase, a_burst_of_one_is_a_pace, 0, 5);
	tcase = harness_case(suite, "edges");
	tcase_add_test(tcase, a_large_burst_and_a_long_interval_do_not_overflow);
	tcase_add_test(tcase, a_clock_that_goes_back_lets_nothing_more_through);
	tcase_add_test(tcase, at_the_clocks_end_it_does_not_open_for_all);
	tcase_add_loop_test(tcase, in_no_stretch_of_time_more_passes_than_the_rule_has, 0, 20);
	return harness_run(suite);
}
