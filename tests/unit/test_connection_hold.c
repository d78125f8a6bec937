/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/connection: how long a guest is waited for, and what it is held for. */
#include "base/clock.h"
#include "connection_fixture.h"
#include "guest/connection_private.h"

/* Whether the first timer stands from low to high microseconds after something between the two times. */
static bool stands_after(uint64_t before, uint64_t after, uint64_t low, uint64_t high)
{
	return harness_deadline(&loop) >= before + low && harness_deadline(&loop) <= after + high;
}

START_TEST(pid_1_is_waited_for_briefly_and_a_program_patiently)
{
	uint64_t before = now_usec();
	int guest;

	verdict = (enum vsn_verdict)_i;
	guest = guest_connect("READY=1\nSTATUS=Ready.");
	ck_assert_uint_eq(peeks, 1);
	if (verdict == VSN_VERDICT_BRIEF)
		ck_assert(stands_after(before, now_usec(), WAITING_BRIEF_MIN_USEC,
		                       WAITING_BRIEF_MAX_USEC));
	else
		ck_assert(stands_after(before, now_usec(), WAITING_PATIENT_MIN_USEC,
		                       WAITING_PATIENT_MAX_USEC));
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	ck_assert_str_eq(messages, "");
	guest_close(guest);
	ck_assert_str_eq(messages, "1:READY=1\nSTATUS=Ready.;");
	ck_assert_msg(!all.backend.passes_half_close, "its end came after the shim's");
}
END_TEST

START_TEST(more_bytes_are_asked_about_and_waited_for_anew)
{
	uint64_t before;
	int guest = guest_connect("STATUS=");

	verdict = VSN_VERDICT_BRIEF;
	before = now_usec();
	guest_send(guest, "x");
	ck_assert_uint_eq(peeks, 2);
	ck_assert(stands_after(before, now_usec(), WAITING_BRIEF_MIN_USEC, WAITING_BRIEF_MAX_USEC));
	close(guest);
}
END_TEST

START_TEST(a_fixed_wait_is_kept_and_the_deadline_is_its_bound)
{
	uint64_t before = now_usec();
	int guest, other;

	all.waiting = (struct waiting_options){.mode = WAITING_SETTLE, .settle_usec = 4000000};
	guest = guest_connect("STATUS=x");
	ck_assert(stands_after(before, now_usec(), 4000000, 4000000));
	all.frame_timeout_usec = 1000000;
	before = now_usec();
	other = guest_connect("STATUS=x");
	ck_assert(stands_after(before, now_usec(), 1000000, 1000000));
	close(guest);
	close(other);
}
END_TEST

START_TEST(a_backend_that_passed_one_half_close_is_waited_for_to_the_end)
{
	uint64_t before;
	int guest = guest_connect("A=1");

	guest_half_close(guest);
	close(guest);
	ck_assert(all.backend.passes_half_close);
	peeks = 0;
	before = now_usec();
	guest = guest_connect("B=1");
	ck_assert_uint_eq(peeks, 0);
	ck_assert(stands_after(before, now_usec(), HOUR_USEC, HOUR_USEC));
	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:A=1;2:B=1;");
	close(guest);
}
END_TEST

START_TEST(a_full_close_says_nothing_of_half_closes)
{
	guest_close(guest_connect("A=1"));
	guest_close(guest_connect(""));
	ck_assert(!all.backend.passes_half_close);
}
END_TEST

START_TEST(no_end_to_the_deadline_unlearns_it_but_silence_does_not)
{
	int guest = guest_connect("A=1");

	guest_half_close(guest);
	close(guest);
	guest = guest_connect("");
	harness_fire(&loop, 0);
	ck_assert(all.backend.passes_half_close);
	close(guest);
	guest = guest_connect("B=1");
	harness_fire(&loop, 0);
	ck_assert(!all.backend.passes_half_close);
	close(guest);
}
END_TEST

START_TEST(the_guest_is_held_until_the_host_has_taken_its_message)
{
	unsigned count = harness_fill(&host_address);
	int guest = guest_connect("READY=1");

	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:READY=1;");
	harness_settle(&loop);
	ck_assert(!guest_goes_on(guest));
	while (count--)
		ck_assert_str_eq(harness_read(host_fd, NULL), "full");
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

/* Of two timers the outbox's comes first; the guest's stands at HOLD_MAX_USEC. */
START_TEST(a_host_that_takes_nothing_does_not_hold_the_guest_for_ever)
{
	unsigned count = harness_fill(&host_address);
	int guest = guest_connect("READY=1");

	guest_half_close(guest);
	loop_timer_cancel(&outbox.retry);
	ck_assert_uint_gt(harness_deadline(&loop), now_usec() + HOLD_MAX_USEC / 2);
	ck_assert(!guest_goes_on(guest));
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	while (count--)
		harness_read(host_fd, NULL);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
	close(guest);
}
END_TEST

START_TEST(a_guest_that_has_gone_is_not_held_and_its_message_still_goes)
{
	unsigned count = harness_fill(&host_address);

	guest_close(guest_connect("READY=1"));
	ck_assert_uint_eq(all.count, 0);
	while (count--)
		harness_read(host_fd, NULL);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
}
END_TEST

/* A guest with BARRIER=1, without half-close; *passed is what the host got with it. */
static int guest_with_barrier(int *passed)
{
	int guest;

	verdict = VSN_VERDICT_COMPLETE;
	guest = guest_connect("BARRIER=1");
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	ck_assert_str_eq(harness_read(host_fd, passed), "BARRIER=1");
	ck_assert_int_ge(*passed, 0);
	ck_assert_msg(!guest_goes_on(guest), "held without SHUT_WR");
	return guest;
}

START_TEST(what_is_complete_is_taken_without_end_and_held_for_silence_and_host)
{
	int passed, guest = guest_with_barrier(&passed);

	if (_i == 0) { /* the silence is over first */
		harness_fire(&loop, 0);
		ck_assert(!guest_goes_on(guest));
		close(passed);
		harness_settle(&loop);
	} else { /* the barrier is back first */
		close(passed);
		harness_settle(&loop);
		ck_assert(!guest_goes_on(guest));
		harness_fire(&loop, 0);
	}
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	close(guest);
}
END_TEST

START_TEST(a_barrier_that_never_comes_back_does_not_hold_the_guest_for_ever)
{
	int passed, guest = guest_with_barrier(&passed);

	harness_fire(&loop, 0);
	ck_assert(!guest_goes_on(guest));
	ck_assert_uint_gt(harness_deadline(&loop), now_usec() + HOLD_MAX_USEC / 2);
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	close(passed);
	harness_settle(&loop);
	close(guest);
}
END_TEST

START_TEST(a_half_close_after_what_is_complete_is_the_end_and_still_held)
{
	int passed, guest = guest_with_barrier(&passed);

	guest_half_close(guest);
	ck_assert(all.backend.passes_half_close);
	ck_assert(!guest_goes_on(guest));
	close(passed);
	harness_settle(&loop);
	ck_assert(guest_goes_on(guest));
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

START_TEST(a_full_close_after_what_is_complete_is_the_end)
{
	int passed, guest = guest_with_barrier(&passed);

	guest_close(guest);
	ck_assert_uint_eq(all.count, 0);
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	close(passed);
	harness_settle(&loop);
}
END_TEST

START_TEST(more_bytes_after_what_was_complete_are_one_message_with_it)
{
	int passed, guest = guest_with_barrier(&passed);

	verdict = VSN_VERDICT_PATIENT;
	guest_send(guest, "\nSTATUS=x");
	close(passed);
	harness_settle(&loop);
	ck_assert_msg(!guest_goes_on(guest), "it is not the first message's barrier it waits for");
	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:BARRIER=1;1:BARRIER=1\nSTATUS=x;");
	ck_assert_str_eq(harness_read(host_fd, NULL), "BARRIER=1\nSTATUS=x");
	ck_assert(guest_goes_on(guest));
	close(guest);
}
END_TEST

/* "BARRIER=1", a while, "\n": one message, and one barrier, which the guest is held for all the time. */
START_TEST(more_bytes_that_leave_it_complete_do_not_deliver_it_again)
{
	int passed, guest = guest_with_barrier(&passed);
	uint64_t before;

	if (_i == 1) /* the silence was over */
		harness_fire(&loop, 0);
	before = harness_deadline(&loop);
	guest_send(guest, "\n");
	if (_i == 1)
		ck_assert_uint_eq(harness_deadline(&loop), before);
	else
		ck_assert_uint_gt(harness_deadline(&loop), before);
	ck_assert_uint_eq(peeks, 2);
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	ck_assert_str_eq(harness_read(host_fd, NULL), "");
	if (_i == 0)
		harness_fire(&loop, 0);
	ck_assert(!guest_goes_on(guest));
	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:BARRIER=1;");
	ck_assert(!guest_goes_on(guest));
	close(passed);
	harness_settle(&loop);
	ck_assert(guest_goes_on(guest));
	ck_assert_uint_eq(all.count, 0);
	close(guest);
}
END_TEST

START_TEST(line_ends_one_by_one_draw_the_silence_out_to_the_deadline_only)
{
	int passed, guest = guest_with_barrier(&passed);

	/* the deadline is near, before the end of the silence */
	all.first->accepted_usec = now_usec() - HOUR_USEC + 1000;
	for (int i = 0; i < 10; i++) {
		uint64_t before = harness_deadline(&loop);

		guest_send(guest, "\n");
		ck_assert_uint_eq(harness_deadline(&loop), before);
	}
	close(passed);
	close(guest);
}
END_TEST

/* The bytes that make it another message, and its end, are read in one go. */
START_TEST(more_bytes_and_the_end_at_once_are_another_message_too)
{
	int passed, guest = guest_with_barrier(&passed);

	verdict = VSN_VERDICT_PATIENT;
	ck_assert_int_eq(write(guest, "\nREADY=1", 8), 8);
	guest_half_close(guest);
	ck_assert_str_eq(messages, "1:BARRIER=1;1:BARRIER=1\nREADY=1;");
	close(passed);
	close(guest);
	harness_settle(&loop);
	ck_assert_uint_eq(all.count, 0);
}
END_TEST

START_TEST(without_a_host_what_is_complete_waits_for_silence_only)
{
	int guest;

	outbox_deinit(&outbox);
	ck_assert_int_eq(outbox_init(&outbox, &loop, NULL), 0);
	verdict = VSN_VERDICT_COMPLETE;
	guest = guest_connect("BARRIER=1");
	ck_assert(!guest_goes_on(guest));
	harness_fire(&loop, 0);
	ck_assert(guest_goes_on(guest));
	close(guest);
}
END_TEST

START_TEST(closing_all_forgets_what_is_held)
{
	int passed, held, barrier = guest_with_barrier(&passed);
	unsigned count = harness_fill(&host_address);

	held = guest_connect("READY=1");
	guest_half_close(held);
	connections_close_all(&all);
	ck_assert(guest_goes_on(held));
	ck_assert(guest_goes_on(barrier));
	close(passed);
	while (count--)
		harness_read(host_fd, NULL);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
	close(held);
	close(barrier);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("connection_hold");
	TCase *tcase = harness_case(suite, "wait");

	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_loop_test(tcase, pid_1_is_waited_for_briefly_and_a_program_patiently, 0, 3);
	tcase_add_test(tcase, more_bytes_are_asked_about_and_waited_for_anew);
	tcase_add_test(tcase, a_fixed_wait_is_kept_and_the_deadline_is_its_bound);
	tcase_add_test(tcase, a_backend_that_passed_one_half_close_is_waited_for_to_the_end);
	tcase_add_test(tcase, a_full_close_says_nothing_of_half_closes);
	tcase_add_test(tcase, no_end_to_the_deadline_unlearns_it_but_silence_does_not);
	tcase = harness_case(suite, "held");
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase, the_guest_is_held_until_the_host_has_taken_its_message);
	tcase_add_test(tcase, a_host_that_takes_nothing_does_not_hold_the_guest_for_ever);
	tcase_add_test(tcase, a_guest_that_has_gone_is_not_held_and_its_message_still_goes);
	tcase_add_test(tcase, closing_all_forgets_what_is_held);
	tcase = harness_case(suite, "complete");
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_loop_test(
		tcase, what_is_complete_is_taken_without_end_and_held_for_silence_and_host, 0, 2);
	tcase_add_test(tcase, a_barrier_that_never_comes_back_does_not_hold_the_guest_for_ever);
	tcase_add_test(tcase, a_half_close_after_what_is_complete_is_the_end_and_still_held);
	tcase_add_test(tcase, a_full_close_after_what_is_complete_is_the_end);
	tcase_add_test(tcase, more_bytes_after_what_was_complete_are_one_message_with_it);
	tcase_add_loop_test(tcase, more_bytes_that_leave_it_complete_do_not_deliver_it_again, 0, 2);
	tcase_add_test(tcase, line_ends_one_by_one_draw_the_silence_out_to_the_deadline_only);
	tcase_add_test(tcase, more_bytes_and_the_end_at_once_are_another_message_too);
	tcase_add_test(tcase, without_a_host_what_is_complete_waits_for_silence_only);
	return harness_run(suite);
}
