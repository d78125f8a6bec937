/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/admission: what becomes of who makes room, and of the one it is made for. */
#include "admission_fixture.h"

START_TEST(who_makes_room_while_held_goes_on_and_its_message_is_delivered)
{
	int held, silent;

	all.max = 1;
	held = guest_of('h');
	silent = guest_connect("");
	ck_assert(guest_goes_on(held));
	ck_assert(!guest_goes_on(silent));
	let_host_read();
	ck_assert_str_eq(harness_read(host_fd, NULL), "HELD=1");
	ck_assert_str_eq(harness_read(host_fd, NULL), "");
	/* Nothing of it is left that would be told of the delivery. */
	ck_assert_uint_eq(all.count, 1);
	ck_assert(!guest_goes_on(silent));
	close(held);
	close(silent);
}
END_TEST

START_TEST(of_who_makes_room_before_the_end_nothing_is_delivered)
{
	int unended, other;

	all.max = 1;
	unended = guest_of('u');
	other = guest_connect("OTHER=1");
	ck_assert(guest_goes_on(unended));
	guest_half_close(other);
	ck_assert_str_eq(messages, "2:OTHER=1;");
	close(unended);
	close(other);
}
END_TEST

/* A program that sends what PID 1 says and does not end keeps nobody out. */
START_TEST(a_message_gets_through_a_house_full_of_those_that_do_not_end)
{
	int stuck, next;

	all.max = 1;
	stuck = guest_of('d');
	next = guest_connect("NEXT=1");
	ck_assert(guest_goes_on(stuck));
	guest_close(next);
	ck_assert_str_eq(messages, "2:NEXT=1;");
	close(stuck);
}
END_TEST

/* As PID 1 does: all is there when the connection is accepted. */
START_TEST(a_message_gets_through_a_house_full_of_idle_ones)
{
	int idle[4], ends[2];

	for (int i = 0; i < 4; i++) {
		idle[i] = guest_of(i % 2 ? 'u' : 's');
		newest_grows_old();
	}
	harness_pair(ends);
	ck_assert_int_eq(write(ends[0], "READY=1", 7), 7);
	close(ends[0]);
	connections_add(&all, ends[1]);
	harness_round(&loop);
	ck_assert_str_eq(messages, "5:READY=1;");
	ck_assert_uint_eq(all.count, 3);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(guest_goes_on(idle[i]), i == 0);
		close(idle[i]);
	}
}
END_TEST

START_TEST(a_thousand_that_say_nothing_leave_nothing)
{
	int last = guest_connect("");
	unsigned before;

	all.max = 1;
	before = harness_open_fds();
	for (int i = 0; i < 1000; i++) {
		int next = guest_connect("");

		ck_assert(guest_goes_on(last));
		close(last);
		last = next;
		ck_assert_uint_eq(all.count, 1);
	}
	ck_assert_uint_eq(harness_open_fds(), before);
	ck_assert_uint_eq(all.last_id, 1001);
	ck_assert_ptr_eq(loop.timers, &all.first->timer);
	ck_assert_ptr_null(loop.timers->next);
	close(last);
}
END_TEST

/* Out of descriptors, the acceptor asks for room that no connection has come for. */
START_TEST(whoever_is_idle_gives_way_when_asked_to)
{
	int idle, draining;

	ck_assert(!connections_give_way(&all));
	draining = guest_of('d');
	newest_grows_old();
	idle = guest_of('s');
	newest_grows_old();
	ck_assert(connections_give_way(&all));
	ck_assert(guest_goes_on(idle));
	ck_assert_uint_eq(all.count, 1);
	guest_close(draining);
	ck_assert_str_eq(messages, "1:DRAINING=1;");
	close(idle);
}
END_TEST

static unsigned none_left_calls;

static void none_left(struct connections *connections)
{
	ck_assert_ptr_eq(connections, &all);
	ck_assert_uint_eq(connections->count, 0);
	ck_assert_ptr_null(connections->first);
	none_left_calls++;
	connections->none_left = NULL;
}

/* In order, as the bridge stops: who is in the backlog is let in, then the last one to go is told of. */
START_TEST(stopping_ends_with_the_last_one_that_was_let_in)
{
	int first, last;

	all.max = 1;
	first = guest_of('s');
	last = guest_of('h');
	ck_assert(guest_goes_on(first));
	all.none_left = none_left;
	ck_assert_uint_eq(none_left_calls, 0);
	if (_i == 0)
		let_host_read();
	else
		newest_timer_fires();
	ck_assert_uint_eq(none_left_calls, 1);
	ck_assert(guest_goes_on(last));
	close(first);
	close(last);
}
END_TEST

START_TEST(one_that_makes_room_while_stopping_is_not_the_last)
{
	int draining, next;

	all.max = 1;
	draining = guest_of('d');
	all.none_left = none_left;
	next = guest_connect("NEXT=1");
	ck_assert(guest_goes_on(draining));
	ck_assert_uint_eq(none_left_calls, 0);
	guest_close(next);
	ck_assert_uint_eq(none_left_calls, 1);
	ck_assert_str_eq(messages, "2:NEXT=1;");
	close(draining);
}
END_TEST

START_TEST(stopping_closes_the_silent_ones_and_then_those_that_have_not_ended)
{
	static const char house[] = {'s', 'u', 'd', 'h', 't', 'b'};
	int guests[sizeof(house)];

	all.max = 8;
	for (size_t i = 0; i < sizeof(house); i++)
		guests[i] = guest_of(house[i]);
	connections_close_silent(&all);
	for (size_t i = 0; i < sizeof(house); i++)
		ck_assert_msg(is_open(i + 1) == (house[i] != 's'), "%c", house[i]);
	ck_assert_uint_eq(connections_close_unended(&all), 2);
	for (size_t i = 0; i < sizeof(house); i++)
		ck_assert_msg(is_open(i + 1) == (i > 2), "%c", house[i]);
	ck_assert_uint_eq(connections_close_unended(&all), 0);
	for (size_t i = 0; i < sizeof(house); i++)
		close(guests[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admission_room");
	TCase *tcase = harness_case(suite, "room");

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase, who_makes_room_while_held_goes_on_and_its_message_is_delivered);
	tcase_add_test(tcase, of_who_makes_room_before_the_end_nothing_is_delivered);
	tcase_add_test(tcase, a_message_gets_through_a_house_full_of_those_that_do_not_end);
	tcase_add_test(tcase, a_message_gets_through_a_house_full_of_idle_ones);
	tcase_add_test(tcase, a_thousand_that_say_nothing_leave_nothing);
	tcase_add_test(tcase, whoever_is_idle_gives_way_when_asked_to);
	tcase = harness_case(suite, "stopping");
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_loop_test(tcase, stopping_ends_with_the_last_one_that_was_let_in, 0, 2);
	tcase_add_test(tcase, stopping_closes_the_silent_ones_and_then_those_that_have_not_ended);
	tcase_add_test(tcase, one_that_makes_room_while_stopping_is_not_the_last);
	return harness_run(suite);
}
