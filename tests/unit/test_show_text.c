/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/show_text and show/show_time: strangers' text made safe, cut by columns, and times. */
#include "show/show_text.h"

#include "harness.h"
#include "show/show_time.h"

static const struct {
	const char *text;
	bool utf8;
	unsigned columns;
	const char *shown;
	unsigned width;
} rows[] = {
	{"", true, 0, "", 0},
	{"Ready.", true, 0, "Ready.", 6},
	{"a\\b", true, 0, "a\\x5cb", 6},
	{"\x1b[2J", true, 0, "\\x1b[2J", 7},
	{"\x9b", true, 0, "\\x9b", 4},
	{"\xc2\x9b", true, 0, "\\xc2\\x9b", 8},
	{"\xff\xfe", true, 0, "\\xff\\xfe", 8},
	{"日本", true, 0, "日本", 4},
	{"日", false, 0, "\\xe6\\x97\\xa5", 12},
	{"e\u0301", true, 0, "e\u0301", 1},
	/* Right-to-left override, zero-width space, line separator, byte order mark, a tag. */
	{"\u202e", true, 0, "\\xe2\\x80\\xae", 12},
	{"\u200b", true, 0, "\\xe2\\x80\\x8b", 12},
	{"\u2028", true, 0, "\\xe2\\x80\\xa8", 12},
	{"\ufeff", true, 0, "\\xef\\xbb\\xbf", 12},
	{"\U000e0041", true, 0, "\\xf3\\xa0\\x81\\x81", 16},
	/* Cut. */
	{"abcdef", true, 6, "abcdef", 6},
	{"abcdef", true, 5, "abcd…", 5},
	{"abcdef", true, 1, "…", 1},
	{"abcdef", false, 5, "ab...", 5},
	{"abcdef", false, 2, "", 0},
	{"日本語", true, 6, "日本語", 6},
	{"日本語", true, 5, "日本…", 5},
	{"日本語", true, 4, "日…", 3},
	{"a\x1b", true, 5, "a\\x1b", 5},
	{"a\x1b", true, 4, "a…", 2},
	{"e\u0301e\u0301e\u0301", true, 3, "e\u0301e\u0301e\u0301", 3},
};

START_TEST(text_is_safe_and_fits)
{
	char *shown = show_text(rows[_i].text, rows[_i].utf8, rows[_i].columns);

	ck_assert_ptr_nonnull(shown);
	ck_assert_str_eq(shown, rows[_i].shown);
	ck_assert_uint_eq(show_columns(shown), rows[_i].width);
	free(shown);
}
END_TEST

/* Whatever it is, it is printable, and no wider. */
START_TEST(any_bytes_are_safe)
{
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		char text[24];
		unsigned columns = (unsigned)(rand_r(&seed) % 20 + 1);
		char *shown;

		for (size_t i = 0; i < sizeof(text) - 1; i++)
			text[i] = (char)(rand_r(&seed) % 255 + 1);
		text[sizeof(text) - 1] = '\0';
		shown = show_text(text, round % 2, columns);
		ck_assert_uint_le(show_columns(shown), columns);
		for (const char *at = shown; *at; at++) {
			unsigned char byte = (unsigned char)*at;

			ck_assert_uint_ge(byte, ' ');
			ck_assert_uint_ne(byte, 0x7f);
			ck_assert(round % 2 || byte < 0x80);
		}
		free(shown);
	}
}
END_TEST

START_TEST(times_of_the_calendar)
{
	struct state state = {.realtime_usec = UINT64_C(1795351041602743)};
	char out[SHOW_TIME_MAX];

	setenv("TZ", "UTC0", 1);
	show_rfc3339(out, &state, 0);
	ck_assert_str_eq(out, "2026-11-22T12:37:21.602743Z");
	show_local(out, &state, 1000000);
	ck_assert_str_eq(out, "2026-11-22 12:37:22 UTC");
	show_short(out, &state, 1000000, 2000000);
	ck_assert_str_eq(out, "12:37:22");
	show_short(out, &state, 1000000, UINT64_C(86401) * 1000000);
	ck_assert_str_eq(out, "2026-11-22");
	/* What no calendar has. */
	show_rfc3339(out, &state, UINT64_MAX);
	ck_assert_str_eq(out, "");
	show_local(out, &state, UINT64_MAX);
	ck_assert_str_eq(out, "-");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("show_text");
	TCase *text = harness_case(suite, "text");
	TCase *time = harness_case(suite, "time");

	tcase_add_loop_test(text, text_is_safe_and_fits, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(text, any_bytes_are_safe);
	tcase_add_test(time, times_of_the_calendar);
	return harness_run(suite);
}
