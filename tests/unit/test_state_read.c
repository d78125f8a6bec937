/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state_format: each fault, at which line, and files that somebody made up. */
#include "state/state_format.h"

#include "state_text.h"

static struct state state;
static unsigned line;

#define HEAD "VSOCK_NOTIFY_STATE=1\n"
#define END  "END=1\n"

static enum state_fault reads(const char *text)
{
	char *copy = strdup(text);
	enum state_fault fault;

	ck_assert_ptr_nonnull(copy);
	line = 4711;
	fault = state_read(&state, copy, &line);
	free(copy);
	return fault;
}

static const struct {
	const char *text;
	enum state_fault fault;
	unsigned line;
} table[] = {
	{HEAD END, STATE_FINE, 2},
	{"", STATE_FOREIGN, 1},
	{"\n", STATE_FOREIGN, 1},
	{"x", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STAT", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=0\nEND=1\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=-1\nEND=1\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE= 1\nEND=1\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=1 \nEND=1\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=1x\nEND=1\n", STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=99999999999999999999\nEND=1\n", STATE_FOREIGN, 1},
	{" " HEAD END, STATE_FOREIGN, 1},
	{"VSOCK_NOTIFY_STATE=2\nEND=1\n", STATE_NEWER, 1},
	{"VSOCK_NOTIFY_STATE=2\nwhatever", STATE_NEWER, 1},
	{"VSOCK_NOTIFY_STATE=18446744073709551615\n", STATE_NEWER, 1},
	{"VSOCK_NOTIFY_STATE=1", STATE_TRUNCATED, 1},
	{HEAD, STATE_TRUNCATED, 2},
	{HEAD "END=1", STATE_TRUNCATED, 2},
	{HEAD "PORT=1\nPORT=1", STATE_TRUNCATED, 3},
	{HEAD "PORT=1\n", STATE_TRUNCATED, 3},
	{HEAD END "\n", STATE_DAMAGED, 2},
	{HEAD END END, STATE_DAMAGED, 2},
	{HEAD "\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT\n" END, STATE_DAMAGED, 2},
	{HEAD "END=2\n" END, STATE_FINE, 3},
	/* A key that is not known is of a later release. */
	{HEAD "NEW=\\xzz whatever\n=\nport=x\n" END, STATE_FINE, 5},
	/* Numbers. */
	{HEAD "PORT=\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT=-1\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT=+1\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT= 1\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT=1 \n" END, STATE_DAMAGED, 2},
	{HEAD "PORT=0x1\n" END, STATE_DAMAGED, 2},
	{HEAD "PORT=4294967295\n" END, STATE_FINE, 3},
	{HEAD "PORT=4294967296\n" END, STATE_DAMAGED, 2},
	{HEAD "CONNECTIONS=18446744073709551615\n" END, STATE_FINE, 3},
	{HEAD "CONNECTIONS=18446744073709551616\n" END, STATE_DAMAGED, 2},
	{HEAD "PID=2147483647\n" END, STATE_FINE, 3},
	{HEAD "PID=2147483648\n" END, STATE_DAMAGED, 2},
	{HEAD "VMM_PID=0\n" END, STATE_DAMAGED, 2},
	{HEAD "PAUSED=2\n" END, STATE_DAMAGED, 2},
	{HEAD "READY_INFERRED=1\n" END, STATE_FINE, 3},
	{HEAD "READY_INFERRED=0\n" END, STATE_DAMAGED, 2},
	{HEAD "EXIT_STATUS=255\n" END, STATE_FINE, 3},
	{HEAD "EXIT_STATUS=256\n" END, STATE_DAMAGED, 2},
	{HEAD "GUEST_PORT=4294967296\n" END, STATE_DAMAGED, 2},
	{HEAD "STATE=panicked\n" END, STATE_FINE, 3},
	{HEAD "STATE=dead\n" END, STATE_DAMAGED, 2},
	/* Texts. */
	{HEAD "STATUS=a\\x0ab\n" END, STATE_FINE, 3},
	{HEAD "STATUS=a\\\n" END, STATE_DAMAGED, 2},
	{HEAD "STATUS=\\x00\n" END, STATE_DAMAGED, 2},
	{HEAD "SHUTDOWN=0123456789012345678901234567890\n" END, STATE_FINE, 3},
	{HEAD "SHUTDOWN=01234567890123456789012345678901\n" END, STATE_DAMAGED, 2},
	/* Lists. */
	{HEAD "UNIT=1 1 a\nUNIT=2 0 b\n" END, STATE_FINE, 4},
	{HEAD "UNIT=1 1 a\nUNIT=2 0 a\n" END, STATE_DAMAGED, 3},
	{HEAD "UNIT=1 1 a\nREFUSED=2 0 a\nFIELD=1 0 a=a\n" END, STATE_FINE, 5},
	{HEAD "UNIT=1 1 \n" END, STATE_DAMAGED, 2},
	{HEAD "UNIT=1 1\n" END, STATE_DAMAGED, 2},
	{HEAD "UNIT=1  1 a\n" END, STATE_DAMAGED, 2},
	{HEAD "UNIT=x 1 a\n" END, STATE_DAMAGED, 2},
	{HEAD "UNIT=1 1 \\\n" END, STATE_DAMAGED, 2},
	{HEAD "FIELD=1 0 X_A\n" END, STATE_DAMAGED, 2},
	{HEAD "FIELD=1 0 =a\n" END, STATE_DAMAGED, 2},
	{HEAD "FIELD=1 0 X_A=\n" END, STATE_FINE, 3},
	{HEAD "FIELD=1 0 X_A=\\\n" END, STATE_DAMAGED, 2},
	{HEAD "FIELD=1 0 X_A=1\nFIELD=1 0 X_A=2\n" END, STATE_DAMAGED, 3},
	/* What no field's name is: it would be read as another one, once written. */
	{HEAD "FIELD=1 0 X\\x3dA=1\n" END, STATE_DAMAGED, 2},
	{HEAD "HELD=1 2 3\n" END, STATE_FINE, 3},
	{HEAD "HELD=1 2\n" END, STATE_DAMAGED, 2},
	{HEAD "HELD=1 2 3 4\n" END, STATE_DAMAGED, 2},
	{HEAD "HELD=1 4294967296 3\n" END, STATE_DAMAGED, 2},
	{HEAD "HELD=1 2 4294967296\n" END, STATE_DAMAGED, 2},
	{HEAD "LOST=18446744073709551615\nLOST=0\n" END, STATE_FINE, 4},
	{HEAD "LOST=18446744073709551616\n" END, STATE_DAMAGED, 2},
	{HEAD "LOST=1 2\n" END, STATE_DAMAGED, 2},
	{HEAD "LOST=\n" END, STATE_DAMAGED, 2},
};

START_TEST(each_fault_is_known_and_its_line)
{
	ck_assert_msg(reads(table[_i].text) == table[_i].fault, "%s: is not \"%s\"", table[_i].text,
	              state_fault_name(table[_i].fault));
	ck_assert_msg(line == table[_i].line, "%s: line %u", table[_i].text, line);
}
END_TEST

START_TEST(a_fault_has_a_name_that_a_path_goes_before)
{
	for (int fault = STATE_FINE; fault <= STATE_DAMAGED; fault++)
		ck_assert_int_eq(strncmp(state_fault_name(fault), "is ", 3), 0);
}
END_TEST

START_TEST(the_last_of_a_key_counts)
{
	ck_assert_int_eq(reads(HEAD "PORT=1\nNAME=ab\nPORT=2\nNAME=c\n" END), STATE_FINE);
	ck_assert_uint_eq(state.port, 2);
	ck_assert_str_eq(state.name, "c");
}
END_TEST

START_TEST(nothing_is_left_of_the_state_that_was)
{
	ck_assert_int_eq(reads(HEAD
	                       "NAME=a\nEXIT_STATUS=1\nUNIT=1 1 a\nHELD=1 2 3\nPAUSED=1\nLOST=1\n"
	                       "LOST_MESSAGES=2\nLIFE_LOST_MESSAGES=1\n" END),
	                 STATE_FINE);
	ck_assert_int_eq(reads(HEAD END), STATE_FINE);
	ck_assert_str_eq(state.name, "");
	ck_assert_int_eq(state.exit_status, -1);
	ck_assert_int_eq((int)state.guest_port, -1);
	ck_assert_uint_eq(state.facts.count + state.held_count + state.paused, 0);
	/* As of a release that did not count lost messages. */
	ck_assert_uint_eq(state.lost_messages + state.life_lost_messages + state.lost_count, 0);
	/* Whoever does not want the line. */
	ck_assert_int_eq(state_read(&state, (char[]){HEAD "x\n"}, NULL), STATE_DAMAGED);
}
END_TEST

/* More of a kind than there can be. */
static enum state_fault reads_many(const char *format, unsigned count)
{
	char *text = malloc(64 * (size_t)count + 64);
	enum state_fault fault;
	size_t used = 0;

	ck_assert_ptr_nonnull(text);
	used += (size_t)sprintf(text, HEAD);
	for (unsigned i = 0; i < count; i++) {
		char entry[64];
		char number[16];

		snprintf(number, sizeof(number), "%u", i);
		snprintf(entry, sizeof(entry), "%s%s%s", format, number,
		         strncmp(format, "FIELD", 5) == 0 ? "=x\n" : "\n");
		used += (size_t)sprintf(text + used, "%s", entry);
	}
	sprintf(text + used, END);
	fault = reads(text);
	free(text);
	return fault;
}

START_TEST(lists_have_an_end)
{
	ck_assert_int_eq(reads_many("UNIT=1 1 a", 64), STATE_FINE);
	ck_assert_int_eq(reads_many("UNIT=1 1 a", 65), STATE_DAMAGED);
	ck_assert_int_eq(reads_many("FIELD=1 1 a", 32), STATE_FINE);
	ck_assert_int_eq(reads_many("FIELD=1 1 a", 33), STATE_DAMAGED);
	ck_assert_int_eq(reads_many("REFUSED=1 1 a", 16), STATE_FINE);
	ck_assert_int_eq(reads_many("REFUSED=1 1 a", 17), STATE_DAMAGED);
	ck_assert_int_eq(reads_many("HELD=1 1 ", STATE_HELD_MAX), STATE_FINE);
	ck_assert_int_eq(reads_many("HELD=1 1 ", STATE_HELD_MAX + 1), STATE_DAMAGED);
	ck_assert_int_eq(reads_many("LOST=", STATE_LOST_MAX), STATE_FINE);
	ck_assert_int_eq(reads_many("LOST=", STATE_LOST_MAX + 1), STATE_DAMAGED);
}
END_TEST

/* A whole file, cut anywhere, is never fine, and nothing behind it is read (AddressSanitizer). */
START_TEST(a_file_that_is_cut_is_not_whole)
{
	static const char whole[] = HEAD "NAME=a\\x0ab\nSTATE=ready\nUNIT=1 1 a.target\n"
					 "FIELD=1 0 X_A=\\x01\nHELD=1 2 3\n" END;

	for (size_t length = 0; length < sizeof(whole) - 1; length++) {
		char *text = strndup(whole, length);

		ck_assert_ptr_nonnull(text);
		ck_assert_msg(state_read(&state, text, &line) != STATE_FINE, "cut to %zu bytes",
		              length);
		free(text);
	}
	ck_assert_int_eq(reads(whole), STATE_FINE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_read");
	TCase *tcase = harness_case(suite, "read");

	tcase_add_loop_test(tcase, each_fault_is_known_and_its_line, 0,
	                    (int)(sizeof(table) / sizeof(table[0])));
	tcase_add_test(tcase, a_fault_has_a_name_that_a_path_goes_before);
	tcase_add_test(tcase, the_last_of_a_key_counts);
	tcase_add_test(tcase, nothing_is_left_of_the_state_that_was);
	tcase_add_test(tcase, lists_have_an_end);
	tcase_add_test(tcase, a_file_that_is_cut_is_not_whole);
	return harness_run(suite);
}
