/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of base/utf8: every code point that is written well, every sequence of two bytes, and hand-made wrong ones,
 * against a coder of its own.
 */
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

#include "harness.h"

static size_t encode(uint32_t point, char *out)
{
	uint8_t *bytes = (uint8_t *)out;

	if (point < 0x80) {
		bytes[0] = (uint8_t)point;
		return 1;
	}
	if (point < 0x800) {
		bytes[0] = (uint8_t)(0xc0 | point >> 6);
		bytes[1] = (uint8_t)(0x80 | (point & 63));
		return 2;
	}
	if (point < 0x10000) {
		bytes[0] = (uint8_t)(0xe0 | point >> 12);
		bytes[1] = (uint8_t)(0x80 | (point >> 6 & 63));
		bytes[2] = (uint8_t)(0x80 | (point & 63));
		return 3;
	}
	bytes[0] = (uint8_t)(0xf0 | point >> 18);
	bytes[1] = (uint8_t)(0x80 | (point >> 12 & 63));
	bytes[2] = (uint8_t)(0x80 | (point >> 6 & 63));
	bytes[3] = (uint8_t)(0x80 | (point & 63));
	return 4;
}

static bool is_shown(uint32_t point)
{
	if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point > 0x10ffff)
		return false;
	if (point >= 0xd800 && point < 0xe000)
		return false;
	return !(point >= 0xfdd0 && point <= 0xfdef) && (point & 0xffff) < 0xfffe;
}

START_TEST(every_code_point)
{
	char text[4];

	for (uint32_t point = 0; point < 0x1fffff; point++) {
		size_t length = encode(point, text);

		harness_check(utf8_printable(text, length) == (is_shown(point) ? length : 0),
		              "U+%04X", point);
		/* Cut short, and with something behind it. */
		harness_check(utf8_printable(text, length - 1) == 0 || length == 1, "U+%04X cut",
		              point);
	}
}
END_TEST

/* A byte that is none of a sequence's ends it, wherever it stands. */
START_TEST(every_pair_of_bytes)
{
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const char text[2] = {(char)(pair >> 8), (char)pair};
		unsigned first = pair >> 8, second = pair & 255;
		size_t expected = 0;

		if (first >= 0x20 && first < 0x7f)
			expected = 1;
		else if (first >= 0xc2 && first < 0xe0 && second >= 0x80 && second < 0xc0 &&
		         is_shown((first & 31) << 6 | (second & 63)))
			expected = 2;
		harness_check(utf8_printable(text, 2) == expected, "%04x", pair);
	}
}
END_TEST

START_TEST(what_is_written_wrong)
{
	static const char *const wrong[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xe2\x82",
		"\xe2\x82x",
		"\xe2x\xac",
		"\xf0\x9f\x98x",
		"\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
		"\xed\xa0\x80\xed\xb0\x80",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(utf8_printable(wrong[i], strlen(wrong[i])) == 0, "number %zu", i);
}
END_TEST

/* Under AddressSanitizer: not a byte behind what is there. */
START_TEST(nothing_behind_the_text_is_read)
{
	for (unsigned first = 0; first < 256; first++) {
		for (size_t length = 1; length <= 3; length++) {
			char *text = malloc(length);

			ck_assert_ptr_nonnull(text);
			memset(text, 0x90, length);
			text[0] = (char)first;
			ck_assert_uint_le(utf8_printable(text, length), length);
			free(text);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("utf8");
	TCase *tcase = harness_case(suite, "utf8");

	tcase_add_test(tcase, every_code_point);
	tcase_add_test(tcase, every_pair_of_bytes);
	tcase_add_test(tcase, what_is_written_wrong);
	tcase_add_test(tcase, nothing_behind_the_text_is_read);
	return harness_run(suite);
}
