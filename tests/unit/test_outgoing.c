/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/outgoing: a datagram that is put together line by line: the style of its
 * STATUS=, what is cut, and what it never gets longer than. On any messages: test_translation_random.c.
 */
#include "plugins/notify/outgoing.h"

#include "guest_fixture.h"

#define LONGEST 4096

static struct policy policy;
static struct status_style style;

static void begin(void)
{
	memset(&result, 0x55, sizeof(result));
	outgoing_begin(&result, &policy, &style, NULL, 0);
}

static void setup(void)
{
	policy_init(&policy);
	style = (struct status_style){0};
	begin();
}

static void add_field(const char *name, const char *value)
{
	struct field field = field_of(name, value);

	outgoing_field(&result, policy_classify(&field), &field);
}

static void add_status(const char *text)
{
	outgoing_status(&result, text, strlen(text));
}

static const char *ended(void)
{
	outgoing_end(&result);
	return shown_result();
}

/* count times c, in a buffer that the next call overwrites. */
static const char *run_of(char c, size_t count)
{
	static char text[2 * LONGEST];

	ck_assert_uint_lt(count, sizeof(text));
	memset(text, c, count);
	text[count] = '\0';
	return text;
}

START_TEST(at_its_beginning_it_is_empty)
{
	ck_assert_str_eq(ended(), "");
	ck_assert(!result.state && !result.status && !result.barrier);
	ck_assert(!result.exceeded);
}
END_TEST

START_TEST(lines_fields_and_status_are_told_in_their_order)
{
	outgoing_line(&result, POLICY_READY, "READY=%d", 1);
	add_field("ERRNO", "2");
	add_status("text");
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	ck_assert_str_eq(ended(), "READY=1\nERRNO=2\nSTATUS=text\nSTOPPING=1");
}
END_TEST

START_TEST(a_line_of_a_kind_is_told_once)
{
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	outgoing_line(&result, POLICY_READY, "READY=1");
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	ck_assert_str_eq(ended(), "STOPPING=1\nREADY=1");
	begin();
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	add_field("ERRNO", "2");
	add_field("ERRNO", "3");
	ck_assert_str_eq(ended(), "STOPPING=1\nERRNO=2");
}
END_TEST

START_TEST(of_several_statuses_the_first_is_told)
{
	add_status("one");
	add_field("STATUS", "two");
	add_status("three");
	ck_assert_str_eq(ended(), "STATUS=one");
	begin();
	add_field("STATUS", "");
	add_status("three");
	ck_assert_str_eq(ended(), "STATUS=");
}
END_TEST

START_TEST(what_the_user_wants_none_of_is_not_told_wherever_it_comes_from)
{
	policy_deny(&policy, "STATUS");
	policy_deny(&policy, "READY");
	policy_deny(&policy, "ERRNO");
	begin();
	add_field("ERRNO", "2");
	add_status("the shim's own");
	add_field("STATUS", "the guest's");
	outgoing_line(&result, POLICY_READY, "READY=1");
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	ck_assert_str_eq(ended(), "STOPPING=1");
}
END_TEST

START_TEST(values_are_made_fit_to_be_shown)
{
	add_field("ERRNO", "\x1b[2J\xff\\");
	add_field("STATUS", "a\x01\\");
	ck_assert_str_eq(ended(), "ERRNO=?[2J??\nSTATUS=a??");
}
END_TEST

/* --- the style of a status */

static const struct {
	const char *prefix;
	size_t max;
	const char *text;
	const char *told;
} styles[] = {
	{"", 0, "text", "STATUS=text"},
	{"VM web: ", 0, "text", "STATUS=VM web: text"},
	{"VM web: ", 0, "", "STATUS=VM web: "},
	{"", 4, "text", "STATUS=text"},
	{"", 3, "text", "STATUS=tex"},
	/* the prefix counts, and may itself be cut */
	{"VM: ", 6, "text", "STATUS=VM: te"},
	{"VM: ", 4, "text", "STATUS=VM: "},
	{"VM: ", 3, "text", "STATUS=VM:"},
	{"gr\xc3\xbc: ", 3, "text", "STATUS=gr"},
	{"gr\xc3\xbc: ", 4, "text", "STATUS=gr\xc3\xbc"},
	/* no character is cut, no backslash is left at the end */
	{"", 5, "abc\xe2\x82\xac", "STATUS=abc"},
	{"", 6, "abc\xe2\x82\xac", "STATUS=abc\xe2\x82\xac"},
	{"", 4, "abc\\\\\\d", "STATUS=abc"},
	{"\\ ", 1, "text", "STATUS="},
	/* what is no character is a '?' before it is cut */
	{"", 3, "\xff\xff\xff\xff", "STATUS=???"},
	{"a", 3, "\xe2\x82", "STATUS=a??"},
};

START_TEST(a_status_has_its_prefix_and_its_greatest_length)
{
	strcpy(style.prefix, styles[_i].prefix);
	style.max = styles[_i].max;
	outgoing_line(&result, POLICY_READY, "READY=1");
	add_status(styles[_i].text);
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	outgoing_end(&result);
	ck_assert_int_eq(strncmp(shown_result(), "READY=1\n", 8), 0);
	ck_assert_uint_eq(result.length, 8 + strlen(styles[_i].told) + 11);
	ck_assert_int_eq(strncmp(shown_result() + 8, styles[_i].told, strlen(styles[_i].told)), 0);
	ck_assert_str_eq(shown_result() + 8 + strlen(styles[_i].told), "\nSTOPPING=1");
}
END_TEST

START_TEST(a_prefix_joins_with_what_follows_to_no_character)
{
	strcpy(style.prefix, "a\xc3\xbc");
	add_status("\xbc\x80z");
	ck_assert_str_eq(ended(), "STATUS=a\xc3\xbc??z");
}
END_TEST

/* --- what is too long */

START_TEST(the_longest_status_is_told_whole_and_one_more_byte_is_cut)
{
	char expected[LONGEST + 1];

	memcpy(expected, "STATUS=", 7);
	memset(expected + 7, 'x', LONGEST - 7);
	expected[LONGEST] = '\0';
	add_status(run_of('x', LONGEST - 7));
	ck_assert_str_eq(ended(), expected);
	begin();
	add_status(run_of('x', LONGEST - 6));
	ck_assert_str_eq(ended(), expected);
}
END_TEST

START_TEST(the_status_gives_way_to_what_is_told_beside_it)
{
	strcpy(style.prefix, "VM: ");
	add_status(run_of('x', LONGEST - 7));
	outgoing_line(&result, POLICY_READY, "READY=1");
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	ended();
	ck_assert_uint_eq(result.length, LONGEST);
	ck_assert_int_eq(strncmp(shown_result(), "STATUS=VM: xxx", 14), 0);
	ck_assert_str_eq(shown_result() + LONGEST - 20, "x\nREADY=1\nSTOPPING=1");
}
END_TEST

START_TEST(what_has_been_cut_may_be_cut_again)
{
	strcpy(style.prefix, run_of('p', STATUS_PREFIX_MAX));
	style.max = LONGEST;
	add_status(run_of('x', LONGEST - 7));
	outgoing_line(&result, POLICY_READY, "READY=1");
	ended();
	ck_assert_uint_eq(result.length, LONGEST);
	ck_assert_str_eq(shown_result() + LONGEST - 10, "xx\nREADY=1");
}
END_TEST

START_TEST(where_it_gives_way_no_character_is_cut)
{
	static char text[LONGEST];

	for (unsigned shift = 0; shift < 4; shift++) {
		size_t length = shift;

		memset(text, 'a', shift);
		for (; length + 4 <= LONGEST - 7; length += 4)
			memcpy(text + length, "\xf0\x9f\x98\x80", 4);
		begin();
		outgoing_status(&result, text, length);
		outgoing_line(&result, POLICY_READY, "READY=1");
		ended();
		ck_assert_uint_gt(result.length, LONGEST - 4);
		ck_assert_ptr_null(strchr(shown_result(), '?'));
		ck_assert_str_eq(shown_result() + result.length - 12, "\xf0\x9f\x98\x80\nREADY=1");
	}
}
END_TEST

START_TEST(where_it_gives_way_no_backslash_is_left_before_what_follows)
{
	add_status(run_of('\\', LONGEST - 7));
	outgoing_line(&result, POLICY_READY, "READY=1");
	ck_assert_str_eq(ended(), "STATUS=\nREADY=1");
}
END_TEST

/* A field that follows a long status is as good as one before it. */
START_TEST(a_long_status_takes_no_room_from_the_fields_behind_it)
{
	add_status(run_of('x', LONGEST - 40));
	add_field("EXIT_STATUS", "42");
	add_field("WATCHDOG", "1");
	ended();
	ck_assert_ptr_nonnull(strstr(shown_result(), "\nEXIT_STATUS=42\nWATCHDOG=1"));
}
END_TEST

START_TEST(a_long_field_takes_it_from_the_status)
{
	strcpy(style.prefix, run_of('p', STATUS_PREFIX_MAX));
	begin();
	add_status(run_of('x', LONGEST - 7));
	add_field("X_A", run_of('y', 3000));
	ended();
	ck_assert_uint_eq(result.length, LONGEST);
	ck_assert_str_eq(strstr(shown_result(), "\nX_A=") + 5, run_of('y', 3000));
}
END_TEST

START_TEST(a_field_that_leaves_no_room_for_what_may_be_added_is_left_out)
{
	size_t most = LONGEST - OUTGOING_ADDED_MAX;

	add_field("X_A", run_of('x', most - strlen("X_A=") - 1));
	ck_assert_uint_eq(result.length, most - 1);
	begin();
	add_field("X_A", run_of('x', most - strlen("X_A=")));
	ck_assert_str_eq(ended(), "");
	add_field("X_B", "1");
	ck_assert_str_eq(ended(), "X_B=1");
}
END_TEST

/* All that can be added to the longest of fields and of statuses fits, and the status is what is cut. */
START_TEST(with_all_that_can_be_added_it_is_as_long_as_a_message_may_be)
{
	strcpy(style.prefix, run_of('p', STATUS_PREFIX_MAX));
	add_field("X_A", run_of('x', 3700));
	add_status(run_of('s', LONGEST - 3700 - 12));
	outgoing_line(&result, POLICY_READY, "READY=1");
	outgoing_line(&result, POLICY_STOPPING, "STOPPING=1");
	outgoing_line(&result, POLICY_RELOADING, "RELOADING=1\nMONOTONIC_USEC=%llu",
	              (unsigned long long)UINT64_MAX);
	outgoing_line(&result, POLICY_EXTEND_TIMEOUT, "EXTEND_TIMEOUT_USEC=%llu",
	              (unsigned long long)UINT64_MAX);
	ended();
	ck_assert_uint_eq(result.length, LONGEST);
	ck_assert_ptr_nonnull(strstr(shown_result(), "\nSTATUS=pppppppppppppppp"));
	ck_assert_str_eq(strstr(shown_result(), "\nREADY=1"),
	                 "\nREADY=1\nSTOPPING=1\nRELOADING=1\nMONOTONIC_USEC=18446744073709551615"
	                 "\nEXTEND_TIMEOUT_USEC=18446744073709551615");
}
END_TEST

START_TEST(what_does_not_fit_its_buffer_is_left_out_and_nothing_beside_it_written)
{
	const char *more = run_of('x', OUTGOING_MAX);

	outgoing_line(&result, POLICY_READY, "READY=%s", more);
	ck_assert_uint_eq(result.length, 0);
	ck_assert(!(result.state || result.status));
	outgoing_status(&result, more, strlen(more));
	ck_assert_uint_eq(result.length, 0);
	ck_assert_uint_eq(result.status_end, 0);
	ck_assert_ptr_eq(result.policy, &policy);
	/* nor does what fits without its prefix */
	strcpy(style.prefix, "prefix");
	begin();
	outgoing_status(&result, more, OUTGOING_MAX - strlen("STATUS="));
	ck_assert_uint_eq(result.length, 0);
	ck_assert_ptr_eq(result.policy, &policy);
	style.prefix[0] = '\0';
	begin();
	outgoing_line(&result, POLICY_READY, "%.*s", OUTGOING_MAX, more);
	ck_assert_uint_eq(result.length, 0);
	/* to the last byte: what vsnprintf(3) ends a line with needs one too */
	begin();
	outgoing_line(&result, POLICY_READY, "%.*s", OUTGOING_MAX - 1, more);
	ck_assert_uint_eq(result.length, OUTGOING_MAX - 1);
	outgoing_line(&result, POLICY_STOPPING, "S");
	outgoing_status(&result, "", 0);
	ck_assert_uint_eq(result.length, OUTGOING_MAX - 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outgoing");
	TCase *tcase = harness_case(suite, "lines");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, at_its_beginning_it_is_empty);
	tcase_add_test(tcase, lines_fields_and_status_are_told_in_their_order);
	tcase_add_test(tcase, a_line_of_a_kind_is_told_once);
	tcase_add_test(tcase, of_several_statuses_the_first_is_told);
	tcase_add_test(tcase, what_the_user_wants_none_of_is_not_told_wherever_it_comes_from);
	tcase_add_test(tcase, values_are_made_fit_to_be_shown);
	tcase = harness_case(suite, "style");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, a_status_has_its_prefix_and_its_greatest_length, 0,
	                    (int)(sizeof(styles) / sizeof(styles[0])));
	tcase_add_test(tcase, a_prefix_joins_with_what_follows_to_no_character);
	tcase = harness_case(suite, "size");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_longest_status_is_told_whole_and_one_more_byte_is_cut);
	tcase_add_test(tcase, the_status_gives_way_to_what_is_told_beside_it);
	tcase_add_test(tcase, what_has_been_cut_may_be_cut_again);
	tcase_add_test(tcase, where_it_gives_way_no_character_is_cut);
	tcase_add_test(tcase, where_it_gives_way_no_backslash_is_left_before_what_follows);
	tcase_add_test(tcase, a_long_status_takes_no_room_from_the_fields_behind_it);
	tcase_add_test(tcase, a_long_field_takes_it_from_the_status);
	tcase_add_test(tcase, a_field_that_leaves_no_room_for_what_may_be_added_is_left_out);
	tcase_add_test(tcase, with_all_that_can_be_added_it_is_as_long_as_a_message_may_be);
	tcase_add_test(tcase,
	               what_does_not_fit_its_buffer_is_left_out_and_nothing_beside_it_written);
	return harness_run(suite);
}
