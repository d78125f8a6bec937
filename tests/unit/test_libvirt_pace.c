/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the libvirt plugin's pace.h: how often something is published, and how long the pauses between tries are. */
#include "plugins/libvirt/rpc/pace.h"

#include "harness.h"

#define SECOND UINT64_C(1000000)
#define START  UINT64_C(1000000007)

/* Publishes whenever it may, for a time. Returns how often that was. */
static unsigned publish_for(struct pace *pace, bool moved, uint64_t from, uint64_t to)
{
	unsigned count = 0;

	while (true) {
		from = pace_due(pace, moved, from);
		if (from >= to)
			return count;
		pace_published(pace, from);
		count++;
	}
}

START_TEST(the_first_one_is_at_once)
{
	struct pace pace = {0};

	ck_assert_uint_eq(pace_due(&pace, false, START), START);
	ck_assert_uint_eq(pace_due(&pace, true, START), START);
}
END_TEST

START_TEST(a_status_waits_and_a_change_does_not)
{
	struct pace pace = {0};

	pace_published(&pace, START);
	ck_assert_uint_eq(pace_due(&pace, false, START + 1), START + PACE_INTERVAL_USEC);
	ck_assert_uint_eq(pace_due(&pace, true, START + 1), START + 1);
}
END_TEST

START_TEST(no_more_than_so_many_in_a_second)
{
	struct pace pace = {0};
	unsigned rate = SECOND / PACE_INTERVAL_USEC;
	unsigned count = publish_for(&pace, _i == 1, START, START + 100 * SECOND);

	ck_assert_uint_le(count, 100 * rate + PACE_BURST);
	ck_assert_uint_ge(count, 100 * rate);
}
END_TEST

START_TEST(changes_in_a_row_are_a_burst_and_then_wait)
{
	struct pace pace = {0};

	ck_assert_uint_eq(publish_for(&pace, true, START, START + 1), PACE_BURST);
	ck_assert_uint_gt(pace_due(&pace, true, START + 1), START + 1);
}
END_TEST

START_TEST(pauses_double_up_to_the_last)
{
	struct backoff backoff = {0};
	uint64_t expected = BACKOFF_FIRST_USEC;

	for (int i = 0; i < 100; i++) {
		backoff_failed(&backoff, START);
		ck_assert_uint_eq(backoff.until_usec, START + expected);
		expected = expected * 2 < BACKOFF_LAST_USEC ? expected * 2 : BACKOFF_LAST_USEC;
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("libvirt_pace");
	TCase *cases = harness_case(suite, "pace");

	tcase_add_test(cases, the_first_one_is_at_once);
	tcase_add_test(cases, a_status_waits_and_a_change_does_not);
	tcase_add_loop_test(cases, no_more_than_so_many_in_a_second, 0, 2);
	tcase_add_test(cases, changes_in_a_row_are_a_burst_and_then_wait);
	tcase_add_test(cases, pauses_double_up_to_the_last);
	return harness_run(suite);
}
