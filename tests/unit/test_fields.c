/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/fields: a notification taken apart as systemd's manager does it. */
#include "plugins/notify/fields.h"

#include <limits.h>
#include <stdint.h>

#include "harness.h"

/* The fields of a message as "NAME|VALUE;" each, and "!N" where N lines were skipped. */
static const char *taken_apart(const char *text, size_t length)
{
	static char shown[16384];
	const char *cursor = text;
	struct field field;
	unsigned skipped = 0;
	int used = 0;

	shown[0] = '\0';
	while (fields_next(&cursor, text + length, &field, &skipped))
		used += snprintf(shown + used, sizeof(shown) - (size_t)used, "%.*s|%.*s;",
		                 (int)field.name_length, field.name, (int)field.value_length,
		                 field.value);
	ck_assert_ptr_eq(cursor, text + length);
	if (skipped)
		snprintf(shown + used, sizeof(shown) - (size_t)used, "!%u", skipped);
	return shown;
}

static const struct {
	const char *text;
	const char *shown;
} messages[] = {
	{"", ""},
	{"READY=1", "READY|1;"},
	{"READY=1\n", "READY|1;"},
	{"READY=1\nSTATUS=Ready.", "READY|1;STATUS|Ready.;"},
	{"\n", ""},
	{"\n\n\n", ""},
	{"\nREADY=1\n\n\nSTATUS=x\n\n", "READY|1;STATUS|x;"},
	{"READY", "!1"},
	{"READY\nSTATUS=x", "STATUS|x;!1"},
	{"STATUS=x\nREADY", "STATUS|x;!1"},
	{"=1", "!1"},
	{"=", "!1"},
	{"==", "!1"},
	{"=1\nA=2\n=3", "A|2;!2"},
	{"STATUS=", "STATUS|;"},
	{"STATUS=\nA=", "STATUS|;A|;"},
	{"STATUS=a=b=c", "STATUS|a=b=c;"},
	{" READY=1", " READY|1;"},
	{"READY =1", "READY |1;"},
	{"A\nB=1", "B|1;!1"},
};

START_TEST(takes_a_message_apart)
{
	const char *text = messages[_i].text;

	ck_assert_str_eq(taken_apart(text, strlen(text)), messages[_i].shown);
}
END_TEST

/* strv_split_newlines() of systemd splits at both; so must who says it reads as systemd does. */
START_TEST(a_carriage_return_ends_a_line_as_in_systemd)
{
	static const char text[] = "READY=1\r\nSTATUS=x\rA=2";

	ck_assert_str_eq(taken_apart(text, strlen(text)), "READY|1;STATUS|x;A|2;");
}
END_TEST

/* The bytes after the end belong to somebody else: a name, a newline and a value that must not be read. */
START_TEST(reads_nothing_beyond_the_end)
{
	static const char text[] = "READY=1\nSTATUS=Ready.";

	for (size_t length = 0; length <= strlen(text); length++) {
		char *exact = malloc(length ? length : 1);
		const char *cursor = exact;
		struct field field;
		unsigned skipped = 0;

		ck_assert_ptr_nonnull(exact);
		memcpy(exact, text, length);
		while (fields_next(&cursor, exact + length, &field, &skipped)) {
			ck_assert(field.name >= exact);
			ck_assert(field.value + field.value_length <= exact + length);
		}
		free(exact);
	}
}
END_TEST

START_TEST(the_longest_message_is_one_field)
{
	char text[4096];
	const char *cursor = text;
	struct field field;
	unsigned skipped = 0;

	memset(text, 'x', sizeof(text));
	text[6] = '=';
	ck_assert(fields_next(&cursor, text + sizeof(text), &field, &skipped));
	ck_assert_uint_eq(field.name_length, 6);
	ck_assert_uint_eq(field.value_length, 4096 - 7);
	ck_assert(!fields_next(&cursor, text + sizeof(text), &field, &skipped));
	ck_assert_uint_eq(skipped, 0);
}
END_TEST

START_TEST(the_longest_message_of_single_bytes_is_skipped_line_by_line)
{
	char text[4096];
	const char *cursor = text;
	struct field field;
	unsigned skipped = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '\n' : '=';
	ck_assert(!fields_next(&cursor, text + sizeof(text), &field, &skipped));
	ck_assert_uint_eq(skipped, 2048);
}
END_TEST

static const struct {
	const char *text;
	size_t length;
	long result;
} lengths[] = {
	{"", 0, 0},         {"\0", 1, 0},       {"\0\0", 2, -1},  {"A=1", 3, 3},
	{"A=1\0", 4, 3},    {"A=1\0\0", 5, -1}, {"\0A=1", 4, -1}, {"A=\0001", 4, -1},
	{"A=1\0\n", 5, -1}, {"A=1\n\0", 5, 4},
};

START_TEST(one_nul_at_the_end_is_ignored_and_any_other_spoils_the_message)
{
	ck_assert_int_eq(fields_length(lengths[_i].text, lengths[_i].length), lengths[_i].result);
}
END_TEST

static struct field make(const char *name, const char *value)
{
	return (struct field){name, strlen(name), value, strlen(value)};
}

START_TEST(names_and_values_are_compared_whole)
{
	struct field field = make("READY", "1");

	ck_assert(field_is(&field, "READY"));
	ck_assert(!field_is(&field, "READ"));
	ck_assert(!field_is(&field, "READY1"));
	ck_assert(!field_is(&field, "ready"));
	ck_assert(!field_is(&field, ""));
	ck_assert(field_value_is(&field, "1"));
	ck_assert(!field_value_is(&field, ""));
	ck_assert(!field_value_is(&field, "11"));
}
END_TEST

START_TEST(a_prefix_is_of_the_name_and_no_longer_than_it)
{
	struct field field = make("X_SYSTEMD_A", "X_OTHER");

	ck_assert(field_name_begins(&field, "X_SYSTEMD_"));
	ck_assert(field_name_begins(&field, "X_SYSTEMD_A"));
	ck_assert(field_name_begins(&field, ""));
	ck_assert(!field_name_begins(&field, "X_SYSTEMD_AB"));
	ck_assert(!field_name_begins(&field, "X_OTHER"));
}
END_TEST

static const struct {
	const char *value;
	unsigned long long max;
	bool good;
	unsigned long long number;
} numbers[] = {
	{"0", 0, true, 0},
	{"1", 0, false, 0},
	{"255", 255, true, 255},
	{"256", 255, false, 0},
	{"0255", 255, true, 255},
	{"18446744073709551615", ULLONG_MAX, true, ULLONG_MAX},
	{"18446744073709551616", ULLONG_MAX, false, 0},
	{"99999999999999999999", ULLONG_MAX, false, 0},
	{"00000000000000000001", ULLONG_MAX, true, 1},
	{"000000000000000000001", ULLONG_MAX, false, 0},
	{"", ULLONG_MAX, false, 0},
	{"+1", ULLONG_MAX, false, 0},
	{"-1", ULLONG_MAX, false, 0},
	{" 1", ULLONG_MAX, false, 0},
	{"1 ", ULLONG_MAX, false, 0},
	{"0x1", ULLONG_MAX, false, 0},
	{"1a", ULLONG_MAX, false, 0},
	{"/", ULLONG_MAX, false, 0},
	{":", ULLONG_MAX, false, 0},
};

START_TEST(a_number_is_decimal_digits_and_bounded)
{
	struct field field = make("N", numbers[_i].value);
	unsigned long long number = 77;

	ck_assert_int_eq(field_number(&field, numbers[_i].max, &number), numbers[_i].good);
	ck_assert_uint_eq(number, numbers[_i].good ? numbers[_i].number : 77);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fields");
	TCase *tcase = harness_case(suite, "next");

	tcase_add_loop_test(tcase, takes_a_message_apart, 0,
	                    (int)(sizeof(messages) / sizeof(messages[0])));
	tcase_add_test(tcase, a_carriage_return_ends_a_line_as_in_systemd);
	tcase_add_test(tcase, reads_nothing_beyond_the_end);
	tcase_add_test(tcase, the_longest_message_is_one_field);
	tcase_add_test(tcase, the_longest_message_of_single_bytes_is_skipped_line_by_line);
	tcase = harness_case(suite, "length");
	tcase_add_loop_test(tcase, one_nul_at_the_end_is_ignored_and_any_other_spoils_the_message,
	                    0, (int)(sizeof(lengths) / sizeof(lengths[0])));
	tcase = harness_case(suite, "values");
	tcase_add_test(tcase, names_and_values_are_compared_whole);
	tcase_add_test(tcase, a_prefix_is_of_the_name_and_no_longer_than_it);
	tcase_add_loop_test(tcase, a_number_is_decimal_digits_and_bounded, 0,
	                    (int)(sizeof(numbers) / sizeof(numbers[0])));
	return harness_run(suite);
}
