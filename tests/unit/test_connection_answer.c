/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/connection: PID 1 is answered with one byte, closes first, and loses nothing by it. */
#include "base/clock.h"
#include "connection_fixture.h"
#include "guest/connection_private.h"

#define UNIT "X_SYSTEMD_UNIT_ACTIVE=basic.target"

static void setup(void)
{
	fixture_setup();
	verdict = VSN_VERDICT_BYTE;
}

/* Whether there is a byte for the guest, and no more: then its sd_notify(3) fails with EPROTO. */
static bool gets_byte(int guest)
{
	char bytes[2];
	ssize_t n = recv(guest, bytes, sizeof(bytes), MSG_DONTWAIT);

	ck_assert_int_ne(n, 2);
	return n == 1;
}

/* A guest behind a VMM that passes half-closes on has sent text and waits. */
static int half_closed_guest(const char *text)
{
	int guest = guest_connect(text);

	guest_half_close(guest);
	return guest;
}

START_TEST(where_half_closes_are_hidden_pid_1_is_answered_at_once_and_its_end_is_the_messages)
{
	int guest = guest_connect(UNIT);

	ck_assert(gets_byte(guest));
	ck_assert_str_eq(messages, "");
	ck_assert_int_eq(all.first->state, CONNECTION_DRAINING);
	guest_close(guest);
	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert_uint_eq(all.count, 0);
	ck_assert_ptr_null(loop.timers);
	ck_assert(!all.backend.passes_half_close);
}
END_TEST

START_TEST(what_comes_after_the_byte_belongs_to_the_message)
{
	int guest = guest_connect("X_SYSTEMD_HOSTNAME=a");

	ck_assert(gets_byte(guest));
	guest_send(guest, "bc");
	ck_assert_msg(!gets_byte(guest), "one byte is enough");
	guest_close(guest);
	ck_assert_str_eq(messages, "1:X_SYSTEMD_HOSTNAME=abc;");
}
END_TEST

START_TEST(a_message_that_does_not_end_after_the_byte_is_discarded)
{
	int guest = guest_connect(UNIT);

	harness_fire(&loop, 0);
	ck_assert_str_eq(messages, "");
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

/* unix(7): a socket that is closed with unread data in it resets the other end. */
START_TEST(a_vmm_that_closes_without_having_read_the_byte_ends_the_message_too)
{
	int guest = guest_connect(UNIT);

	if (_i == 1)
		ck_assert_int_eq(write(guest, "x", 1), 1);
	guest_close(guest);
	ck_assert_str_eq(messages, _i == 1 ? "1:" UNIT "x;" : "1:" UNIT ";");
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

START_TEST(a_half_close_after_the_byte_is_learned_from_and_the_guest_still_closes_first)
{
	int guest = half_closed_guest(UNIT);

	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert(all.backend.passes_half_close);
	ck_assert(gets_byte(guest));
	ck_assert_int_eq(all.first->state, CONNECTION_LEAVING);
	guest_close(guest);
	ck_assert_uint_eq(all.count, 0);
	ck_assert_ptr_null(loop.timers);
}
END_TEST

START_TEST(where_half_closes_are_passed_on_the_byte_says_that_the_message_is_delivered)
{
	unsigned count;
	int guest;

	all.backend.passes_half_close = true;
	count = harness_fill(&host_address);
	guest = half_closed_guest(UNIT);
	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert(!gets_byte(guest));
	while (count--)
		ck_assert_str_eq(harness_read(host_fd, NULL), "full");
	harness_settle(&loop);
	ck_assert(gets_byte(guest));
	ck_assert_msg(!guest_goes_on(guest), "the guest is to close first");
	guest_close(guest);
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

START_TEST(a_guest_that_does_not_leave_is_closed_and_not_called_held)
{
	int guest;

	all.backend.passes_half_close = true;
	guest = half_closed_guest(UNIT);
	ck_assert(gets_byte(guest));
	ck_assert_uint_le(harness_deadline(&loop), now_usec() + ANSWER_LEAVE_USEC);
	ck_assert_uint_gt(harness_deadline(&loop), now_usec());
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

START_TEST(who_has_closed_already_gets_no_byte_and_is_not_waited_for)
{
	all.backend.passes_half_close = true;
	guest_close(guest_connect(UNIT));
	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

/* By verdict, by mode, and where the VMM names ports: then the end is the answer, as before there was a byte. */
START_TEST(others_get_no_byte)
{
	int guest;

	all.backend.passes_half_close = true;
	if (_i == 0)
		verdict = VSN_VERDICT_PATIENT;
	else if (_i == 1)
		verdict = VSN_VERDICT_BRIEF;
	else
		all.answer = ANSWER_EOF;
	guest = half_closed_guest(UNIT);
	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

START_TEST(the_deadlines_shut_down_is_answer_enough)
{
	int guest;

	all.backend.passes_half_close = true;
	guest = guest_connect(UNIT);
	harness_fire(&loop, 0);
	ck_assert_int_eq(shutdown(guest, SHUT_WR), 0);
	harness_round(&loop);
	ck_assert_str_eq(messages, "1:" UNIT ";");
	ck_assert(guest_goes_on(guest));
	close(guest);
}
END_TEST

static struct connection_end last_end;

static void note_end(struct connections *connections, const struct connection_end *end)
{
	ck_assert_ptr_eq(connections, &all);
	last_end = *end;
}

START_TEST(a_guest_is_held_until_its_byte_and_not_until_it_has_left)
{
	uint64_t answered;
	int guest;

	all.ended = note_end;
	all.backend.passes_half_close = true;
	guest = half_closed_guest(UNIT);
	answered = now_usec();
	all.first->accepted_usec -= 1000;
	while (now_usec() == answered)
		;
	guest_close(guest);
	ck_assert_uint_ge(last_end.held_usec, 1000);
	ck_assert_uint_le(last_end.accepted_usec + last_end.held_usec, answered);
}
END_TEST

START_TEST(who_is_leaving_makes_room_first)
{
	int leaving, other;

	all.max = 2;
	all.backend.passes_half_close = true;
	leaving = half_closed_guest(UNIT);
	other = guest_connect("");
	close(guest_connect(""));
	ck_assert(gets_byte(leaving));
	ck_assert(guest_goes_on(leaving));
	ck_assert(!guest_goes_on(other));
	close(leaving);
	close(other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("connection_answer");
	TCase *tcase = harness_case(suite, "at once");

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(
		tcase,
		where_half_closes_are_hidden_pid_1_is_answered_at_once_and_its_end_is_the_messages);
	tcase_add_test(tcase, what_comes_after_the_byte_belongs_to_the_message);
	tcase_add_test(tcase, a_message_that_does_not_end_after_the_byte_is_discarded);
	tcase_add_loop_test(
		tcase, a_vmm_that_closes_without_having_read_the_byte_ends_the_message_too, 0, 2);
	tcase_add_test(
		tcase,
		a_half_close_after_the_byte_is_learned_from_and_the_guest_still_closes_first);
	tcase = harness_case(suite, "at the end");
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase,
	               where_half_closes_are_passed_on_the_byte_says_that_the_message_is_delivered);
	tcase_add_test(tcase, a_guest_that_does_not_leave_is_closed_and_not_called_held);
	tcase_add_test(tcase, who_has_closed_already_gets_no_byte_and_is_not_waited_for);
	tcase_add_loop_test(tcase, others_get_no_byte, 0, 3);
	tcase_add_test(tcase, the_deadlines_shut_down_is_answer_enough);
	tcase_add_test(tcase, a_guest_is_held_until_its_byte_and_not_until_it_has_left);
	tcase_add_test(tcase, who_is_leaving_makes_room_first);
	return harness_run(suite);
}
