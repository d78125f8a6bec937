/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/parse: numbers, modes and times of the command line. */
#include "base/parse.h"

#include <errno.h>

#include "harness.h"

static const struct {
	const char *text;
	int r;
	uint64_t value;
} numbers[] = {
	{"0", 0, 0},
	{"00", 0, 0},
	{"1234", 0, 1234},
	{"18446744073709551615", 0, UINT64_MAX},
	{"18446744073709551616", -ERANGE, 0},
	{"99999999999999999999999", -ERANGE, 0},
	{"000000000000000000000000001", 0, 1},
	{"", -EINVAL, 0},
	{" 1", -EINVAL, 0},
	{"1 ", -EINVAL, 0},
	{"+1", -EINVAL, 0},
	{"-1", -EINVAL, 0},
	{"0x10", -EINVAL, 0},
	{"1e3", -EINVAL, 0},
	{"1\n", -EINVAL, 0},
	{"one", -EINVAL, 0},
	{"/", -EINVAL, 0},
	{":", -EINVAL, 0},
};

START_TEST(a_number_is_decimal_digits_and_nothing_else)
{
	uint64_t value = 0;

	ck_assert_int_eq(parse_u64(numbers[_i].text, &value), numbers[_i].r);
	if (numbers[_i].r == 0)
		ck_assert_uint_eq(value, numbers[_i].value);
}
END_TEST

static const struct {
	const char *text;
	int r;
	unsigned mode;
} modes[] = {
	{"0", 0, 0},
	{"600", 0, 0600},
	{"0660", 0, 0660},
	{"777", 0, 0777},
	{"1000", -ERANGE, 0},
	{"0000000777", 0, 0777},
	{"800", -EINVAL, 0},
	{"608", -EINVAL, 0},
	{"", -EINVAL, 0},
	{"-600", -EINVAL, 0},
	{"u=rw", -EINVAL, 0},
	{"6 0", -EINVAL, 0},
	{"7777777777777777777777777", -ERANGE, 0},
};

START_TEST(a_mode_is_octal_and_at_most_0777)
{
	unsigned mode = 0;

	ck_assert_int_eq(parse_mode(modes[_i].text, &mode), modes[_i].r);
	if (modes[_i].r == 0)
		ck_assert_uint_eq(mode, modes[_i].mode);
}
END_TEST

static const struct {
	const char *text;
	int r;
	uint64_t usec;
} spans[] = {
	{"0", 0, 0},
	{"5", 0, 5000000},
	{"5s", 0, 5000000},
	{"500ms", 0, 500000},
	{"7us", 0, 7},
	{"2min", 0, 120000000},
	{"9223372036854775807us", 0, UINT64_MAX / 2},
	{"9223372036854775808us", -ERANGE, 0},
	{"9223372036854s", 0, UINT64_C(9223372036854000000)},
	{"9223372036855s", -ERANGE, 0},
	{"18446744073709551615us", -ERANGE, 0},
	{"18446744073709s", -ERANGE, 0},
	{"18446744073710s", -ERANGE, 0},
	{"18446744073710", -ERANGE, 0},
	{"18446744073709551616us", -ERANGE, 0},
	{"307445734562min", -ERANGE, 0},
	{"", -EINVAL, 0},
	{"s", -EINVAL, 0},
	{"5 s", -EINVAL, 0},
	{"5S", -EINVAL, 0},
	{"5m", -EINVAL, 0},
	{"5sec", -EINVAL, 0},
	{"5s ", -EINVAL, 0},
	{"1min 5s", -EINVAL, 0},
	{"1min5s", -EINVAL, 0},
	{"1.5s", -EINVAL, 0},
	{"-5s", -EINVAL, 0},
	{"infinity", -EINVAL, 0},
};

START_TEST(a_time_has_one_part_and_seconds_without_a_unit)
{
	uint64_t usec = 0;

	ck_assert_int_eq(parse_timespan(spans[_i].text, &usec), spans[_i].r);
	if (spans[_i].r == 0)
		ck_assert_uint_eq(usec, spans[_i].usec);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parse");
	TCase *tcase = harness_case(suite, "parse");

	tcase_add_loop_test(tcase, a_number_is_decimal_digits_and_nothing_else, 0,
	                    (int)(sizeof(numbers) / sizeof(numbers[0])));
	tcase_add_loop_test(tcase, a_mode_is_octal_and_at_most_0777, 0,
	                    (int)(sizeof(modes) / sizeof(modes[0])));
	tcase_add_loop_test(tcase, a_time_has_one_part_and_seconds_without_a_unit, 0,
	                    (int)(sizeof(spans) / sizeof(spans[0])));
	return harness_run(suite);
}
