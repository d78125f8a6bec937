/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/failure: what a caller is told. */
#include "base/failure.h"

#include <errno.h>

#include "harness.h"

START_TEST(it_is_one_line_with_its_values_and_the_errno_goes_up)
{
	struct failure failure = {0};

	ck_assert_int_eq(failure_set(&failure, -ENOENT, "%s: %d", "a", 7), -ENOENT);
	ck_assert_str_eq(failure_line(&failure, -ENOENT), "a: 7");
}
END_TEST

START_TEST(the_last_one_stays)
{
	struct failure failure = {0};

	failure_set(&failure, -EIO, "first");
	failure_set(&failure, -EINVAL, "then");
	ck_assert_str_eq(failure_line(&failure, -EINVAL), "then");
}
END_TEST

START_TEST(without_a_line_it_is_the_errnos_text)
{
	struct failure failure = {0};

	ck_assert_str_eq(failure_line(&failure, -ENOMEM), "Cannot allocate memory");
}
END_TEST

START_TEST(a_caller_need_not_ask)
{
	ck_assert_int_eq(failure_set(NULL, -EPERM, "x"), -EPERM);
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	struct failure failure = {0};

	failure_set(&failure, -EINVAL, "%*s", 2 * FAILURE_MAX, "x");
	ck_assert_uint_eq(strlen(failure.line), FAILURE_MAX - 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("failure");
	TCase *tcase = harness_case(suite, "line");

	tcase_add_test(tcase, it_is_one_line_with_its_values_and_the_errno_goes_up);
	tcase_add_test(tcase, the_last_one_stays);
	tcase_add_test(tcase, without_a_line_it_is_the_errnos_text);
	tcase_add_test(tcase, a_caller_need_not_ask);
	tcase_add_test(tcase, a_long_line_is_cut);
	return harness_run(suite);
}
