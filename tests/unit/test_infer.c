/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/infer: its truth table. What makes its inputs true is in test_life.c. */
#include "plugins/notify/infer.h"

#include "harness.h"

#define NOW  UINT64_C(70000000)
#define THEN (NOW + 1000000)
#define SOON (NOW + INFER_QUIET_USEC)
#define LATE (NOW + INFER_LONG_QUIET_USEC)

/* y: true, n: false, -: either. */
static const struct {
	char allowed, booting, paused, lost, target, spoke;
	uint64_t at; /* THEN: the wait is on */
	uint64_t expected;
} rows[] = {
	{'y', 'y', 'n', 'y', 'y', '-', 0, SOON},    {'y', 'y', 'n', 'n', 'y', '-', 0, LATE},
	{'y', 'y', 'n', '-', 'y', 'n', THEN, THEN}, {'y', 'y', 'n', 'y', 'y', 'y', THEN, SOON},
	{'y', 'y', 'n', 'n', 'y', 'y', THEN, LATE}, {'n', '-', '-', '-', '-', '-', 0, 0},
	{'n', '-', '-', '-', '-', '-', THEN, 0},    {'-', 'n', '-', '-', '-', '-', 0, 0},
	{'-', 'n', '-', '-', '-', '-', THEN, 0},    {'-', '-', 'y', '-', '-', '-', 0, 0},
	{'-', '-', 'y', '-', '-', '-', THEN, 0},    {'-', '-', '-', '-', 'n', '-', 0, 0},
	{'-', '-', '-', '-', 'n', '-', THEN, 0},
};

static bool is_meant(char wanted, bool is)
{
	return wanted == '-' || (wanted == 'y') == is;
}

/* Every combination is in the table, and all rows that have it agree. */
START_TEST(the_truth_table)
{
	const struct infer what = {
		.allowed = _i & 1,
		.booting = _i & 2,
		.paused = _i & 4,
		.lost = _i & 8,
		.target = _i & 16,
		.spoke = _i & 32,
	};
	uint64_t at = _i & 64 ? THEN : 0;
	unsigned meant = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!is_meant(rows[i].allowed, what.allowed) ||
		    !is_meant(rows[i].booting, what.booting) ||
		    !is_meant(rows[i].paused, what.paused) || !is_meant(rows[i].lost, what.lost) ||
		    !is_meant(rows[i].target, what.target) ||
		    !is_meant(rows[i].spoke, what.spoke) || rows[i].at != at)
			continue;
		meant++;
		ck_assert_uint_eq(infer_at(&what, at, NOW), rows[i].expected);
	}
	ck_assert_uint_gt(meant, 0);
}
END_TEST

/* The unit is active within 3 s of the default target's announcement. */
START_TEST(the_wait_is_longer_than_a_silent_job_and_shorter_than_three_seconds)
{
	ck_assert_uint_gt(INFER_QUIET_USEC, 2000000 + 333333);
	ck_assert_uint_lt(INFER_QUIET_USEC, 3000000);
	/* With "quiet" a job is silent for 25 s. */
	ck_assert_uint_gt(INFER_LONG_QUIET_USEC, 25000000 + 333333);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("infer");
	TCase *tcase = harness_case(suite, "truth table");

	tcase_add_loop_test(tcase, the_truth_table, 0, 128);
	tcase_add_test(tcase, the_wait_is_longer_than_a_silent_job_and_shorter_than_three_seconds);
	return harness_run(suite);
}
