/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm/kernel_word: the words of a kernel command line as systemd splits them. */
#include "run/vmm/kernel_word.h"

#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const struct {
	const char *cmdline;
	const char *words; /* each with a '|' behind it */
} lines[] = {
	{"", ""},
	{" \t\r\n", ""},
	{"a", "a|"},
	{" a\tb\r\nc ", "a|b|c|"},
	{"'a b' \"c d\"", "a b|c d|"},
	{"a='b c'd", "a=b cd|"},
	{"\"a=b c\" d", "a=b c|d|"},
	{"a'\"'b \"it's\"", "a\"b|it's|"},
	{"'' x", "|x|"},
	/* A quote that is not closed reaches to the end. */
	{"a \"b c", "a|b c|"},
	{"a 'b \" c", "a|b \" c|"},
	/* A backslash is nothing special. */
	{"a\\ b \"c\\\" d", "a\\|b|c\\|d|"},
};

START_TEST(a_command_line_is_split_as_systemd_does)
{
	const char *cursor = lines[_i].cmdline;
	struct kernel_word word;
	char words[256] = "";

	while (kernel_word_next(&cursor, &word))
		strcat(strcat(words, word.text), "|");
	ck_assert_str_eq(words, lines[_i].words);
}
END_TEST

static const struct {
	const char *word;
	const char *value; /* of the key a-b_c */
} values[] = {
	{"a-b_c=v", "v"},     {"a_b-c=v", "v"}, {"a-b_c=", ""},
	{"a-b_c=v=w", "v=w"}, {"a-b_c", NULL},  {"a-b_cd=v", NULL},
	{"A-b_c=v", NULL},    {"a-b=v", NULL},  {"xa-b_c=v", NULL},
};

START_TEST(dash_and_underscore_are_the_same_in_a_key)
{
	const char *cursor = values[_i].word;
	struct kernel_word word;

	ck_assert(kernel_word_next(&cursor, &word));
	ck_assert_pstr_eq(kernel_word_value(&word, "a-b_c"), values[_i].value);
}
END_TEST

START_TEST(a_long_word_is_cut)
{
	char text[2 * KERNEL_WORD_MAX + 1];
	const char *cursor = text;
	struct kernel_word word;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[KERNEL_WORD_MAX] = ' ';
	ck_assert(kernel_word_next(&cursor, &word));
	ck_assert(word.cut);
	ck_assert_uint_eq(strlen(word.text), KERNEL_WORD_MAX - 1);
	ck_assert(kernel_word_next(&cursor, &word));
	ck_assert(!word.cut);
	ck_assert_uint_eq(strlen(word.text), KERNEL_WORD_MAX - 1);
	ck_assert(!kernel_word_next(&cursor, &word));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernel_word");
	TCase *tcase = harness_case(suite, "words");

	tcase_add_loop_test(tcase, a_command_line_is_split_as_systemd_does, 0, COUNT(lines));
	tcase_add_loop_test(tcase, dash_and_underscore_are_the_same_in_a_key, 0, COUNT(values));
	tcase_add_test(tcase, a_long_word_is_cut);
	return harness_run(suite);
}
