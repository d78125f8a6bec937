/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/show_span: times as people read them. */
#include "show/show_span.h"

#include "harness.h"

static const struct {
	uint64_t usec;
	const char *text;
} spans[] = {
	{0, "0"},
	{1, "1us"},
	{999, "999us"},
	{1000, "1ms"},
	{1999, "1.99ms"},
	{4100, "4.1ms"},
	{9999, "9.99ms"},
	{10000, "10ms"},
	{41260, "41.2ms"},
	{312999, "312ms"},
	{999999, "999ms"}, /* cut: it was no second */
	{1000000, "1s"},
	{1203000, "1.203s"},
	{1203999, "1.203s"},
	{1500000, "1.5s"},
	{59999999, "59.999s"},
	{60000000, "1min"},
	{60099999, "1min"},
	{62345000, "1min 2.3s"},
	{90000000, "1min 30s"},
	{3599999999, "59min 59.9s"},
	{3600000000, "1h"},
	{3725000000, "1h 2min"},
	{86400000000, "1d"},
	{93600000000, "1d 2h"},
	{UINT64_MAX, "213503982d 8h"},
};

START_TEST(a_time_has_the_digits_that_matter)
{
	ck_assert_str_eq(show_span(spans[_i].usec).text, spans[_i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("show_span");
	TCase *tcase = harness_case(suite, "show_span");

	tcase_add_loop_test(tcase, a_time_has_the_digits_that_matter, 0,
	                    (int)(sizeof(spans) / sizeof(spans[0])));
	return harness_run(suite);
}
