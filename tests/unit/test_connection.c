/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/connection: from bytes to one whole message, or to none. */
#include "base/clock.h"
#include "connection_fixture.h"

START_TEST(a_half_close_ends_a_message_and_the_guest_goes_on_when_it_is_delivered)
{
	int guest = guest_connect("READY=1\nSTATUS=Ready.");

	ck_assert(!guest_goes_on(guest));
	ck_assert_str_eq(messages, "");
	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:READY=1\nSTATUS=Ready.;");
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1\nSTATUS=Ready.");
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	ck_assert_ptr_null(loop.timers);
	close(guest);
}
END_TEST

START_TEST(a_full_close_ends_a_message_too)
{
	int guest = guest_connect("READY=1");

	guest_close(guest);
	ck_assert_str_eq(messages, "1:READY=1;");
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

START_TEST(what_is_all_there_at_accept_is_delivered_at_once)
{
	int ends[2];

	harness_pair(ends);
	ck_assert_int_eq(write(ends[0], "READY=1", 7), 7);
	if (_i == 0)
		shutdown(ends[0], SHUT_WR);
	else
		close(ends[0]);
	connections_add(&all, ends[1]);
	ck_assert_str_eq(messages, "");
	harness_round(&loop);
	ck_assert_str_eq(messages, "1:READY=1;");
	ck_assert_uint_eq(all.count, 0);
	if (_i == 0)
		close(ends[0]);
}
END_TEST

START_TEST(a_message_may_be_cut_anywhere)
{
	static const char text[] = "X_SYSTEMD_UNIT_ACTIVE=basic.target";
	int guest = guest_connect("");
	char expected[64];

	all.waiting.mode = WAITING_EOF;
	for (const char *byte = text; *byte; byte++)
		guest_send(guest, (char[]){*byte, '\0'});
	ck_assert_str_eq(messages, "");
	guest_half_close(guest);
	snprintf(expected, sizeof(expected), "1:%s;", text);
	ck_assert_str_eq(messages, expected);
	close(guest);
}
END_TEST

START_TEST(an_empty_connection_is_no_message)
{
	int guest = guest_connect("");

	if (_i == 0) {
		guest_half_close(guest);
		ck_assert(guest_goes_on(guest));
		close(guest);
	} else {
		guest_close(guest);
	}
	ck_assert_str_eq(messages, "");
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

static unsigned lost_calls;

static void message_lost(struct connections *connections)
{
	ck_assert_ptr_eq(connections, &all);
	lost_calls++;
}

START_TEST(a_connection_that_the_vmm_made_and_that_ends_without_a_byte_is_a_lost_message)
{
	int guest;

	lost_calls = 0;
	all.lost = message_lost;
	guest = guest_connect("");
	ck_assert_uint_eq(lost_calls, 0);
	if (_i == 0)
		guest_half_close(guest);
	guest_close(guest);
	ck_assert_uint_eq(lost_calls, 1);
	guest_close(guest_connect("A=1"));
	ck_assert_uint_eq(lost_calls, 1);
}
END_TEST

START_TEST(what_the_shim_closes_and_what_another_process_tries_is_not_lost)
{
	int guest;

	lost_calls = 0;
	all.lost = message_lost;
	guest = guest_connect("");
	harness_fire(&loop, 0);
	close(guest);
	/* Process 1 is the VMM, and lives. */
	all.backend = (struct backend){.pid = 1, .stays = true};
	guest_close(guest_connect(""));
	ck_assert_uint_eq(lost_calls, 0);
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

START_TEST(the_4096_bytes_that_a_manager_takes_are_delivered)
{
	char text[4097], expected[4110];
	int guest;

	memset(text, 'x', 4096);
	text[4096] = '\0';
	guest = guest_connect(text);
	guest_half_close(guest);
	snprintf(expected, sizeof(expected), "1:%s;", text);
	ck_assert(strcmp(messages, expected) == 0);
	ck_assert_uint_eq(strlen(harness_read(host_fd, NULL)), 4096);
	close(guest);
}
END_TEST

START_TEST(a_byte_more_is_refused_as_a_whole)
{
	char text[8193];
	int guest;

	memset(text, 'x', sizeof(text));
	text[_i == 2 ? 8192 : _i == 1 ? 4096 : 4097] = '\0';
	guest = guest_connect(text);
	if (_i == 1)
		guest_send(guest, "y");
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "");
	ck_assert_str_eq(harness_read(host_fd, NULL), "");
	close(guest);
}
END_TEST

START_TEST(a_nul_byte_is_a_byte)
{
	int ends[2];

	harness_pair(ends);
	ck_assert_int_eq(write(ends[0], "A=1\0B", 5), 5);
	shutdown(ends[0], SHUT_WR);
	connections_add(&all, ends[1]);
	ck_assert_str_eq(messages, "");
	harness_round(&loop);
	ck_assert_int_eq(recv(host_fd, messages, sizeof(messages), 0), 5);
	ck_assert_mem_eq(messages, "A=1\0B", 5);
	close(ends[0]);
}
END_TEST

START_TEST(silence_to_the_deadline_closes)
{
	int guest = guest_connect("");

	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "");
	close(guest);
}
END_TEST

START_TEST(the_deadline_counts_from_accept_whatever_comes)
{
	uint64_t before, after, deadline;
	int guest;

	all.waiting.mode = WAITING_EOF;
	before = now_usec();
	guest = guest_connect("REA");
	after = now_usec();
	deadline = harness_deadline(&loop);
	ck_assert_uint_ge(deadline, before + HOUR_USEC);
	ck_assert_uint_le(deadline, after + HOUR_USEC);
	guest_send(guest, "DY=1");
	ck_assert_uint_eq(harness_deadline(&loop), deadline);
	close(guest);
}
END_TEST

START_TEST(no_end_to_the_deadline_is_asked_for_one_and_delivered_with_it)
{
	int guest = guest_connect("READY");

	all.waiting.mode = WAITING_EOF;
	guest_send(guest, "=1");
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	ck_assert_str_eq(messages, "");
	guest_send(guest, "\nSTATUS=x");
	guest_close(guest);
	ck_assert_str_eq(messages, "1:READY=1\nSTATUS=x;");
}
END_TEST

START_TEST(a_connection_that_does_not_end_then_is_discarded)
{
	int guest;

	all.waiting.mode = WAITING_EOF;
	guest = guest_connect("READY=1");
	harness_fire(&loop, 0);
	ck_assert_uint_ge(harness_deadline(&loop), 1);
	harness_fire(&loop, 0);
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "");
	close(guest);
}
END_TEST

START_TEST(what_is_too_much_is_refused_while_draining_too)
{
	char text[4097];
	int guest;

	memset(text, 'x', sizeof(text));
	text[4096] = '\0';
	guest = guest_connect(text);
	harness_fire(&loop, 0);
	guest_send(guest, "y");
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "");
	close(guest);
}
END_TEST

/* Who has to go, test_admission tells. */
START_TEST(over_the_limit_one_goes_at_once_and_room_is_found_again)
{
	int guests[5];

	for (int i = 0; i < 5; i++)
		guests[i] = guest_connect("");
	ck_assert_uint_eq(all.count, 4);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(guest_goes_on(guests[i]), i == 0);
	close(guests[0]);
	guest_close(guests[4]);
	ck_assert_uint_eq(all.count, 3);
	guests[4] = guest_connect("");
	for (int i = 1; i < 5; i++) {
		ck_assert(!guest_goes_on(guests[i]));
		close(guests[i]);
	}
}
END_TEST

START_TEST(messages_are_delivered_in_the_order_of_their_ends)
{
	int first = guest_connect("A=1"), second = guest_connect("B=1");

	guest_half_close(second);
	guest_half_close(first);
	ck_assert_str_eq(messages, "2:B=1;1:A=1;");
	close(first);
	close(second);
}
END_TEST

static unsigned none_left_calls;

static void none_left(struct connections *connections)
{
	ck_assert_ptr_eq(connections, &all);
	none_left_calls++;
}

START_TEST(the_last_one_to_go_is_told_of_and_closing_all_is_not)
{
	int first = guest_connect(""), second = guest_connect("");

	all.none_left = none_left;
	guest_close(first);
	ck_assert_uint_eq(none_left_calls, 0);
	guest_close(second);
	ck_assert_uint_eq(none_left_calls, 1);
	first = guest_connect("A=1");
	connections_close_all(&all);
	ck_assert_uint_eq(none_left_calls, 1);
	ck_assert(guest_goes_on(first));
	ck_assert_str_eq(messages, "");
	close(first);
}
END_TEST

START_TEST(no_descriptor_and_no_timer_is_left)
{
	unsigned before = harness_open_fds();

	for (int i = 0; i < 20; i++) {
		int guest = guest_connect(i % 2 ? "A=1" : "");

		if (i % 3 == 0)
			harness_fire(&loop, 0);
		if (i % 3 == 1)
			shutdown(guest, SHUT_WR);
		guest_close(guest);
		ck_assert_uint_eq(all.count, 0);
		ck_assert_ptr_null(loop.timers);
	}
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("connection");
	TCase *tcase = harness_case(suite, "message");

	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase,
	               a_half_close_ends_a_message_and_the_guest_goes_on_when_it_is_delivered);
	tcase_add_test(tcase, a_full_close_ends_a_message_too);
	tcase_add_loop_test(tcase, what_is_all_there_at_accept_is_delivered_at_once, 0, 2);
	tcase_add_test(tcase, a_message_may_be_cut_anywhere);
	tcase_add_loop_test(tcase, an_empty_connection_is_no_message, 0, 2);
	tcase_add_loop_test(
		tcase,
		a_connection_that_the_vmm_made_and_that_ends_without_a_byte_is_a_lost_message, 0,
		2);
	tcase_add_test(tcase, a_nul_byte_is_a_byte);
	tcase_add_test(tcase, messages_are_delivered_in_the_order_of_their_ends);
	tcase = harness_case(suite, "limits");
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase, the_4096_bytes_that_a_manager_takes_are_delivered);
	tcase_add_loop_test(tcase, a_byte_more_is_refused_as_a_whole, 0, 3);
	tcase_add_test(tcase, silence_to_the_deadline_closes);
	tcase_add_test(tcase, the_deadline_counts_from_accept_whatever_comes);
	tcase_add_test(tcase, no_end_to_the_deadline_is_asked_for_one_and_delivered_with_it);
	tcase_add_test(tcase, a_connection_that_does_not_end_then_is_discarded);
	tcase_add_test(tcase, what_is_too_much_is_refused_while_draining_too);
	tcase_add_test(tcase, over_the_limit_one_goes_at_once_and_room_is_found_again);
	tcase_add_test(tcase, the_last_one_to_go_is_told_of_and_closing_all_is_not);
	tcase_add_test(tcase, no_descriptor_and_no_timer_is_left);
	/* Asks whether a process lives, by a pidfd. */
	tcase = harness_case(suite, "lives");
	tcase_set_tags(tcase, "pidfd");
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase, what_the_shim_closes_and_what_another_process_tries_is_not_lost);
	return harness_run(suite);
}
