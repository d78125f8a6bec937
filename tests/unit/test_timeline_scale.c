/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/timeline_scale: where a moment is on the axis, and the moments that it names. */
#include "show/timeline/timeline_scale.h"

#include "harness.h"

#define SEC UINT64_C(1000000)

START_TEST(a_moment_is_where_it_is_and_never_beyond_the_end)
{
	static const struct timeline_scale scale = {.left = 100, .right = 300, .end_usec = 1000};

	ck_assert_double_eq(timeline_scale_at(&scale, 0), 100);
	ck_assert_double_eq(timeline_scale_at(&scale, 250), 150);
	ck_assert_double_eq(timeline_scale_at(&scale, 1000), 300);
	ck_assert_double_eq(timeline_scale_at(&scale, 1001), 300);
	ck_assert_double_eq(timeline_scale_at(&scale, UINT64_MAX), 300);
}
END_TEST

static const struct {
	uint64_t end;
	unsigned most;
	uint64_t step;
} steps[] = {
	{1, 7, 1},
	{7, 7, 1},
	{8, 7, 2},
	{10 * 1000, 7, 2000},
	{10 * 1000, 4, 5000}, /* 2, 4 ... 10 are five */
	{41 * SEC, 7, 10 * SEC},
	{41 * SEC, 8, 5 * SEC},
	{SEC, 4, 500 * 1000},
	{3 * SEC, 7, 500 * 1000},
	{70 * SEC, 7, 10 * SEC},
	{100 * SEC, 7, 15 * SEC},
	{200 * SEC, 7, 30 * SEC},
	{3600 * SEC, 7, 600 * SEC},
	{86400 * SEC, 7, 6 * 3600 * SEC},
	{30 * 86400 * SEC, 7, 5 * 86400 * SEC},
};

START_TEST(it_names_round_moments)
{
	ck_assert_uint_eq(timeline_scale_step(steps[_i].end, steps[_i].most), steps[_i].step);
}
END_TEST

/* Whatever the end: not too many of them, and at least one beside 0. */
START_TEST(there_are_never_too_many_nor_none)
{
	for (uint64_t end = 1; end < UINT64_MAX / 3; end = end * 3 / 2 + 1) {
		for (unsigned most = 1; most < 12; most++) {
			uint64_t step = timeline_scale_step(end, most);

			ck_assert_uint_gt(step, 0);
			ck_assert_uint_le(end / step, most);
			ck_assert(most < 3 || end / step >= 1);
		}
	}
	ck_assert_uint_le(UINT64_MAX / timeline_scale_step(UINT64_MAX, 7), 7);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timeline_scale");
	TCase *tcase = harness_case(suite, "timeline_scale");

	tcase_add_test(tcase, a_moment_is_where_it_is_and_never_beyond_the_end);
	tcase_add_loop_test(tcase, it_names_round_moments, 0,
	                    (int)(sizeof(steps) / sizeof(steps[0])));
	tcase_add_test(tcase, there_are_never_too_many_nor_none);
	return harness_run(suite);
}
