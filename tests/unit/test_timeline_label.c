/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/timeline_label: strangers' bytes, as they are shown. */
#include "show/timeline/timeline_label.h"

#include "base/utf8.h"
#include "harness.h"

#define ELLIPSIS "\xe2\x80\xa6"

static const struct {
	const char *text, *shown;
} texts[] = {
	{"", ""},
	{"multi-user.target", "multi-user.target"},
	{"dev-disk-by\\x2duuid.device", "dev-disk-by\\x2duuid.device"},
	{"<&\"'>", "<&\"'>"}, /* XML is svg.c's */
	{"a\nb\tc\x1b[31m\x7f", "a\\x0ab\\x09c\\x1b[31m\\x7f"},
	{"D\xc3\xa9marrage \xe6\xbc\xa2\xea\xb0\x80", "D\xc3\xa9marrage \xe6\xbc\xa2\xea\xb0\x80"},
	{"e\xcc\x81", "e\\xcc\\x81"},        /* an accent of its own */
	{"\xe2\x80\xae", "\\xe2\\x80\\xae"}, /* from the right */
	{"\xd7\x90", "\\xd7\\x90"},          /* so is Hebrew */
	{"\xe2\x80\x8b", "\\xe2\\x80\\x8b"}, /* no width */
	{"\xc2\xad\xc2\x85", "\\xc2\\xad\\xc2\\x85"},
	{"\xd2\x83", "\\xd2\\x83"},
	{"\xff\xc3", "\\xff\\xc3"},
	{"\xc0\x80\xed\xa0\x80", "\\xc0\\x80\\xed\\xa0\\x80"},
};

START_TEST(what_stays_within_a_line_is_shown_and_the_rest_escaped)
{
	ck_assert_str_eq(timeline_label(texts[_i].text).text, texts[_i].shown);
}
END_TEST

static void check_is_utf8(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = utf8_printable(text, left);

		ck_assert_uint_gt(length, 0);
		text += length;
		left -= length;
	}
}

/* A text of that length: one character again and again, from an offset on, so that the bound falls everywhere. */
static void fill(char *text, size_t size, size_t offset, const char *character)
{
	size_t used = offset;

	memset(text, 'x', offset);
	while (used + strlen(character) < size) {
		memcpy(text + used, character, strlen(character));
		used += strlen(character);
	}
	text[used] = '\0';
}

START_TEST(a_longer_one_ends_in_an_ellipsis_within_its_bound)
{
	static const char *const characters[] = {"a", "\xc3\xa9", "\xe6\xbc\xa2", "\x01"};
	char text[400];

	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
		for (size_t offset = 0; offset < 5; offset++) {
			struct timeline_label label;

			fill(text, sizeof(text), offset, characters[i]);
			label = timeline_label(text);
			ck_assert_uint_le(strlen(label.text), TIMELINE_LABEL_MAX);
			ck_assert_uint_gt(strlen(label.text), TIMELINE_LABEL_MAX - 8);
			ck_assert_str_eq(label.text + strlen(label.text) - 3, ELLIPSIS);
			check_is_utf8(label.text);
		}
	}
}
END_TEST

START_TEST(one_of_just_the_bound_is_whole)
{
	char text[TIMELINE_LABEL_MAX + 1];

	fill(text, sizeof(text), 0, "a");
	ck_assert_str_eq(timeline_label(text).text, text);
}
END_TEST

START_TEST(a_cut_one_keeps_the_end)
{
	struct timeline_label label =
		timeline_label("a-unit-with-a-very-long-name-that-goes-on.service");

	timeline_label_fit(&label, 150, 13);
	ck_assert_uint_le(timeline_label_width(label.text, 13), 150);
	ck_assert_ptr_nonnull(strstr(label.text, "a-unit"));
	ck_assert_ptr_nonnull(strstr(label.text, ELLIPSIS));
	ck_assert_str_eq(label.text + strlen(label.text) - 8, ".service");
}
END_TEST

START_TEST(one_that_fits_is_left_as_it_is)
{
	struct timeline_label label = timeline_label("basic.target");

	timeline_label_fit(&label, timeline_label_width(label.text, 13), 13);
	ck_assert_str_eq(label.text, "basic.target");
}
END_TEST

START_TEST(every_width_is_kept)
{
	static const char *const characters[] = {"W", "i", "\xc3\xa9", "\xe6\xbc\xa2", "\x01"};
	char text[400];

	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
		for (size_t size = 2; size < 300; size += 7) {
			fill(text, size + 4, 0, characters[i]);
			for (unsigned width = 15; width < 400; width += 11) {
				struct timeline_label label = timeline_label(text);

				timeline_label_fit(&label, width, 13);
				ck_assert_uint_le(timeline_label_width(label.text, 13), width);
				check_is_utf8(label.text);
			}
		}
	}
}
END_TEST

START_TEST(where_nothing_has_room_the_ellipsis_is_left)
{
	struct timeline_label label = timeline_label("basic.target");

	timeline_label_fit(&label, 0, 13);
	ck_assert_str_eq(label.text, ELLIPSIS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timeline_label");
	TCase *tcase = harness_case(suite, "timeline_label");

	tcase_add_loop_test(tcase, what_stays_within_a_line_is_shown_and_the_rest_escaped, 0,
	                    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tcase, a_longer_one_ends_in_an_ellipsis_within_its_bound);
	tcase_add_test(tcase, one_of_just_the_bound_is_whole);
	tcase_add_test(tcase, a_cut_one_keeps_the_end);
	tcase_add_test(tcase, one_that_fits_is_left_as_it_is);
	tcase_add_test(tcase, every_width_is_kept);
	tcase_add_test(tcase, where_nothing_has_room_the_ellipsis_is_left);
	return harness_run(suite);
}
