/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/status_text: what may be shown of a guest's STATUS=. */
#include "plugins/notify/status_text.h"

#include <stdint.h>

#include "harness.h"

/* From a buffer of exactly that size, so that a read beyond it is found. */
static void check_clean(const char *text, size_t length, const char *expected)
{
	char *exact = malloc(length ? length : 1);
	char *out = malloc(length ? length : 1);
	size_t n;

	ck_assert_ptr_nonnull(exact);
	ck_assert_ptr_nonnull(out);
	memcpy(exact, text, length);
	n = status_text_clean(out, exact, length);
	ck_assert_uint_eq(n, strlen(expected));
	ck_assert_mem_eq(out, expected, n);
	n = status_text_clean(exact, exact, length);
	ck_assert_uint_eq(n, strlen(expected));
	ck_assert_mem_eq(exact, expected, n);
	free(exact);
	free(out);
}

static const struct {
	const char *text;
	const char *expected;
} texts[] = {
	{"", ""},
	{"Ready.", "Ready."},
	{"tab\there", "tab?here"},
	{"\x1b[2J", "?[2J"},
	{"a\rb\nc\x7f", "a?b?c?"},
	/* two bytes: the first is U+00A0, before it the C1 controls */
	{"\xc2\x80", "??"},
	{"\xc2\x9f", "??"},
	{"\xc2\xa0", "\xc2\xa0"},
	{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
	{"\xdf\xbf", "\xdf\xbf"},
	{"\xc3", "?"},
	{"\xc3z", "?z"},
	{"\xc3\xc3\xa4", "?\xc3\xa4"},
	/* overlong forms of '/', NUL, DEL, U+07FF, U+FFFF */
	{"\xc0\xaf", "??"},
	{"\xc0\x80", "??"},
	{"\xc1\xbf", "??"},
	{"\xe0\x80\xaf", "???"},
	{"\xe0\x9f\xbf", "???"},
	{"\xf0\x80\x80\xaf", "????"},
	{"\xf0\x8f\xbf\xbf", "????"},
	/* three bytes: first and last, both sides of the surrogates */
	{"\xe0\xa0\x80", "\xe0\xa0\x80"},
	{"\xe2\x82\xac", "\xe2\x82\xac"},
	{"\xed\x9f\xbf", "\xed\x9f\xbf"},
	{"\xed\xa0\x80", "???"},
	{"\xed\xbf\xbf", "???"},
	{"\xee\x80\x80", "\xee\x80\x80"},
	{"\xef\xbf\xbd", "\xef\xbf\xbd"},
	{"\xe2\x82", "??"},
	{"\xe2", "?"},
	{"\xe2\x82z", "??z"},
	{"\xe2z\xac", "?z?"},
	/* four bytes: first, last, and the first that there is not */
	{"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
	{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
	{"\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
	{"\xf4\x90\x80\x80", "????"},
	{"\xf5\x80\x80\x80", "????"},
	{"\xf0\x9f\x98", "???"},
	{"\xf0\x9f", "??"},
	{"\xf0", "?"},
	{"\xf0\x9f\x98z", "???z"},
	{"\xf8\x88\x80\x80\x80", "?????"},
	{"\xff\xfe", "??"},
	{"a\x80z", "a?z"},
};

START_TEST(keeps_what_is_printable_utf8_and_nothing_else)
{
	check_clean(texts[_i].text, strlen(texts[_i].text), texts[_i].expected);
}
END_TEST

/* systemd's utf8_is_valid(), asked by its manager for STATUS=, takes none of these (252, 257). */
static const char *const noncharacters[] = {
	"\xef\xb7\x90",     /* U+FDD0 */
	"\xef\xb7\xaf",     /* U+FDEF */
	"\xef\xbf\xbe",     /* U+FFFE */
	"\xef\xbf\xbf",     /* U+FFFF */
	"\xf0\x9f\xbf\xbe", /* U+1FFFE */
	"\xf0\x9f\xbf\xbf", /* U+1FFFF */
	"\xf1\x8f\xbf\xbf", /* U+4FFFF */
	"\xf3\xbf\xbf\xbe", /* U+FFFFE */
	"\xf4\x8f\xbf\xbf", /* U+10FFFF */
};

START_TEST(noncharacters_for_which_systemd_refuses_a_status_are_replaced)
{
	const char *text = noncharacters[_i];

	check_clean(text, strlen(text), strlen(text) == 3 ? "???" : "????");
}
END_TEST

static const char *const beside_noncharacters[] = {
	"\xef\xb7\x8f",     /* U+FDCF */
	"\xef\xb7\xb0",     /* U+FDF0 */
	"\xef\xbf\xbd",     /* U+FFFD */
	"\xef\xbe\xbf",     /* U+FFBF */
	"\xf0\x9f\xbf\xbd", /* U+1FFFD */
	"\xf0\x9e\xbf\xbf", /* U+1EFFF */
	"\xf0\xa0\x80\x80", /* U+20000 */
};

START_TEST(their_neighbours_are_kept)
{
	const char *text = beside_noncharacters[_i];

	check_clean(text, strlen(text), text);
}
END_TEST

START_TEST(of_all_single_bytes_only_printable_ascii_is_kept)
{
	for (int byte = 0; byte < 256; byte++) {
		char text = (char)byte;
		char expected[2] = {byte >= 0x20 && byte <= 0x7e ? text : '?', '\0'};

		if (byte == '\\') /* see the test below */
			continue;
		check_clean(&text, 1, expected);
	}
}
END_TEST

/*
 * systemd's manager splits a message at newlines with strv_split_newlines(), for which a backslash
 * escapes: "READY=1\nSTATUS=C:\" is refused as a whole, and a newline after a backslash is no end.
 */
START_TEST(a_backslash_at_the_end_does_not_spoil_the_message_for_systemd)
{
	check_clean("C:\\", 3, "C:?");
	check_clean("\\", 1, "?");
	check_clean("a\\b", 3, "a\\b");
	check_clean("a\\\\", 3, "a\\?");
}
END_TEST

/* Every pair and the edges of longer ones: never longer than it was, and the same when cleaned twice. */
START_TEST(never_grows_and_cleaning_twice_changes_nothing)
{
	for (int first = 0; first < 256; first++) {
		for (int second = 0; second < 256; second++) {
			char text[4] = {(char)first, (char)second, '\x80', 'z'};
			char once[4], twice[4];
			size_t n = status_text_clean(once, text, sizeof(text));

			ck_assert_uint_ge(n, 1);
			ck_assert_uint_le(n, sizeof(text));
			ck_assert_uint_eq(status_text_clean(twice, once, n), n);
			ck_assert_mem_eq(once, twice, n);
		}
	}
}
END_TEST

/* The beginnings of text that may be shown, by how many bytes there is room for. */
static const struct {
	const char *text;
	size_t max;
	size_t kept;
} cuts[] = {
	{"", 0, 0},
	{"abc", 3, 3},
	{"abc", 4, 3},
	{"abc", 2, 2},
	{"abc", 0, 0},
	/* no character is cut: two, three and four bytes, at each place */
	{"a\xc3\xbc", 2, 1},
	{"a\xc3\xbc", 3, 3},
	{"\xc3\xbc", 1, 0},
	{"\xe2\x82\xac", 2, 0},
	{"\xe2\x82\xac", 1, 0},
	{"ab\xe2\x82\xac", 4, 2},
	{"ab\xe2\x82\xac", 3, 2},
	{"ab\xe2\x82\xac"
         "cd",
         5, 5},
	{"ab\xe2\x82\xac"
         "cd",
         6, 6},
	{"a\xf0\x9f\x98\x80"
         "b",
         5, 5},
	{"a\xf0\x9f\x98\x80"
         "b",
         4, 1},
	{"a\xf0\x9f\x98\x80"
         "b",
         3, 1},
	{"a\xf0\x9f\x98\x80"
         "b",
         2, 1},
	/* nor is there a backslash at the end, which would escape what follows */
	{"ab\\cd", 3, 2},
	{"ab\\cd", 4, 4},
	{"ab\\\\\\cd", 5, 2},
	{"\\\\\\d", 3, 0},
	{"ab\\\xe2\x82\xac", 5, 2},
	{"ab\\\xe2\x82\xac", 6, 6},
};

START_TEST(a_cut_is_between_characters_and_leaves_no_backslash_behind)
{
	size_t length = strlen(cuts[_i].text);
	char *exact = malloc(length ? length : 1);

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, cuts[_i].text, length);
	ck_assert_uint_eq(status_text_cut(exact, length, cuts[_i].max), cuts[_i].kept);
	free(exact);
}
END_TEST

/* Whatever came in: the longest beginning that cleaning leaves as it is. */
START_TEST(what_is_cut_of_clean_text_is_clean)
{
	static const char text[] = "a\\\\\xc3\xbc\\\xe2\x82\xac\\b\xf0\x9f\x98\x80\\\xc3\xbcz";
	char clean[sizeof(text)], again[sizeof(text)];
	size_t length = status_text_clean(clean, text, strlen(text));

	ck_assert_uint_eq(length, strlen(text));
	for (size_t max = 0; max <= length; max++) {
		size_t kept = status_text_cut(clean, length, max);

		ck_assert_uint_le(kept, max);
		ck_assert_uint_eq(status_text_clean(again, clean, kept), kept);
		ck_assert_mem_eq(again, clean, kept);
		for (size_t more = kept + 1; more <= max; more++) {
			status_text_clean(again, clean, more);
			ck_assert_msg(memcmp(again, clean, more) != 0,
			              "%zu would have done for %zu, not %zu", more, max, kept);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("status_text");
	TCase *tcase = harness_case(suite, "utf8");

	tcase_add_loop_test(tcase, keeps_what_is_printable_utf8_and_nothing_else, 0,
	                    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_loop_test(tcase, noncharacters_for_which_systemd_refuses_a_status_are_replaced, 0,
	                    (int)(sizeof(noncharacters) / sizeof(noncharacters[0])));
	tcase_add_loop_test(tcase, their_neighbours_are_kept, 0,
	                    (int)(sizeof(beside_noncharacters) / sizeof(beside_noncharacters[0])));
	tcase = harness_case(suite, "bytes");
	tcase_add_test(tcase, of_all_single_bytes_only_printable_ascii_is_kept);
	tcase_add_test(tcase, a_backslash_at_the_end_does_not_spoil_the_message_for_systemd);
	tcase_add_test(tcase, never_grows_and_cleaning_twice_changes_nothing);
	tcase = harness_case(suite, "cut");
	tcase_add_loop_test(tcase, a_cut_is_between_characters_and_leaves_no_backslash_behind, 0,
	                    (int)(sizeof(cuts) / sizeof(cuts[0])));
	tcase_add_test(tcase, what_is_cut_of_clean_text_is_clean);
	return harness_run(suite);
}
