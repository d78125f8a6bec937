/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/escape_bytes: what becomes of bytes, that it can be shown, and that it is undone. */
#include "base/escape.h"

#include <stdint.h>

#include "harness.h"

/* The whole of a text, escaped. */
static size_t escape(const char *text, size_t length, char *out)
{
	size_t made = 0;

	while (length > 0) {
		size_t used;
		size_t taken = escape_bytes(text, length, out + made, &used);

		harness_check(taken >= 1 && taken <= length, "%zu of %zu", taken, length);
		harness_check(used >= 1 && used <= ESCAPE_MAX, "%zu bytes", used);
		made += used;
		text += taken;
		length -= taken;
	}
	out[made] = '\0';
	return made;
}

static const char *escaped(const char *text)
{
	static char out[1024];

	escape(text, strlen(text), out);
	return out;
}

START_TEST(what_can_be_shown_stays_and_the_rest_is_hex)
{
	ck_assert_str_eq(escaped("a b=c\"'$"), "a b=c\"'$");
	ck_assert_str_eq(escaped("\xc3\xa9\xf0\x9f\x98\x80"), "\xc3\xa9\xf0\x9f\x98\x80");
	ck_assert_str_eq(escaped("a\\b"), "a\\x5cb");
	ck_assert_str_eq(escaped("\n\r\t\x1b[2J\x7f"), "\\x0a\\x0d\\x09\\x1b[2J\\x7f");
	ck_assert_str_eq(escaped("\xc2\x85"), "\\xc2\\x85");
	ck_assert_str_eq(escaped("\xff\xc3"), "\\xff\\xc3");
}
END_TEST

static void round_trip(const char *text, size_t length)
{
	char out[4 * 64 + 1];
	size_t made = escape(text, length, out);

	harness_check(strlen(out) == made, "%zu bytes, not %zu", strlen(out), made);
	for (size_t i = 0; i < made; i++)
		harness_check((unsigned char)out[i] >= ' ' && out[i] != 0x7f, "byte %02x",
		              (unsigned char)out[i]);
	harness_check(unescape_bytes(out) == (long)length && memcmp(out, text, length) == 0,
	              "\"%s\" is not what was escaped", out);
}

START_TEST(every_string_of_one_and_two_bytes_comes_back)
{
	for (unsigned pair = 0x0101; pair < 0x10000; pair++) {
		const char text[2] = {(char)(pair >> 8), (char)pair};

		if (!text[0] || !text[1])
			continue;
		round_trip(text, 1);
		round_trip(text, 2);
	}
}
END_TEST

/* Mostly pieces of what could be UTF-8 and escapes. */
START_TEST(random_strings_come_back)
{
	static const char pieces[] = "\\x5c\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\xff\x01=\n";
	uint32_t seed = 1;

	for (int turn = 0; turn < 100000; turn++) {
		char text[64];
		size_t length;

		seed = seed * 1664525u + 1013904223u;
		length = (seed >> 16) % sizeof(text);
		for (size_t i = 0; i < length; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = pieces[(seed >> 16) % (sizeof(pieces) - 1)];
		}
		round_trip(text, length);
	}
}
END_TEST

START_TEST(what_was_never_escaped_is_refused)
{
	static const char *const wrong[] = {"\\",    "a\\",    "\\x",    "\\x4",   "\\n",
	                                    "\\\\",  "\\x00",  "\\xg0",  "\\x0g",  "\\X41",
	                                    "\\x4A", "\\x 41", "\\x-1a", "\\u0041"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *text = strdup(wrong[i]);

		ck_assert_ptr_nonnull(text);
		ck_assert_msg(unescape_bytes(text) == -1, "%s", wrong[i]);
		free(text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("escape_bytes");
	TCase *tcase = harness_case(suite, "escape");

	tcase_add_test(tcase, what_can_be_shown_stays_and_the_rest_is_hex);
	tcase_add_test(tcase, every_string_of_one_and_two_bytes_comes_back);
	tcase_add_test(tcase, random_strings_come_back);
	tcase_add_test(tcase, what_was_never_escaped_is_refused);
	return harness_run(suite);
}
