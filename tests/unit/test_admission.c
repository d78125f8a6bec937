/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of shim/admission: who makes room at --max-connections. The host takes nothing, so that a guest is
 * held as long as the test wants.
 */
#include "../../vsock-notify/shim/connection_private.h"

#include "connection_fixture.h"

/* What may stand in a connection's way of being given up, a letter each. */
static const char kinds[] = "suhdtb";

/* Who goes first; the last two are alike. */
static const char *const order[] = {"s", "u", "h", "d", "tb"};

static unsigned queued; /* of somebody else's datagrams, which fill the host's queue */

static void setup(void)
{
	fixture_setup();
	queued = harness_fill(&host_address);
}

static void let_host_read(void)
{
	while (queued--)
		ck_assert_str_eq(harness_read(host_fd, NULL), "full");
	harness_settle(&loop);
}

/* Has the silence after the newest connection's bytes be over. */
static void newest_timer_fires(void)
{
	struct loop_timer *timer = &all.first->timer;
	uint64_t deadline_usec = timer->deadline_usec;

	loop_timer_cancel(timer);
	timer->callback(timer, deadline_usec);
}

/* A guest whose connection is in the state that kind stands for. */
static int guest_of(char kind)
{
	int guest;

	all.backend.passes_half_close = false;
	verdict = kind == 't' || kind == 'b' ? VSN_VERDICT_COMPLETE : VSN_VERDICT_NONE;
	switch (kind) {
	case 's': /* silent */
		guest = guest_connect("");
		ck_assert_int_eq(all.first->state, CONNECTION_READING);
		break;
	case 'u': /* unended */
		guest = guest_connect("UNENDED=1");
		ck_assert_int_eq(all.first->state, CONNECTION_READING);
		break;
	case 'h': /* held */
		guest = guest_connect("HELD=1");
		guest_half_close(guest);
		ck_assert_int_eq(all.first->state, CONNECTION_HELD);
		ck_assert(!all.first->hold.barrier);
		break;
	case 'd': /* draining */
		guest = guest_connect("DRAINING=1");
		newest_timer_fires();
		ck_assert_int_eq(all.first->state, CONNECTION_DRAINING);
		break;
	case 't': /* taken */
		guest = guest_connect(BARRIER_TEXT);
		ck_assert_int_eq(all.first->state, CONNECTION_TAKEN);
		break;
	default: /* held for a barrier */
		guest = guest_connect(BARRIER_TEXT);
		guest_half_close(guest);
		ck_assert_int_eq(all.first->state, CONNECTION_HELD);
		ck_assert(all.first->hold.barrier);
		break;
	}
	return guest;
}

/* The newest connection is not young any more. */
static void newest_grows_old(void)
{
	all.first->accepted_usec -= ADMISSION_YOUNG_USEC;
	if (all.first->shut_usec)
		all.first->shut_usec -= ADMISSION_YOUNG_USEC;
}

static bool is_open(uint64_t id)
{
	for (const struct connection *one = all.first; one; one = one->next)
		if (one->id == id)
			return true;
	return false;
}

/*
 * The oldest first. Fills the house with them, has one more connect, and returns the place of the one that
 * had to go.
 */
static int who_goes(const char *house)
{
	unsigned count = (unsigned)strlen(house);
	uint64_t first_id = all.last_id + 1;
	int guests[8], newcomer, gone = -1;

	all.max = count;
	for (unsigned i = 0; i < count; i++) {
		guests[i] = guest_of(house[i]);
		newest_grows_old();
	}
	ck_assert_uint_eq(all.count, count);
	newcomer = guest_connect("");
	ck_assert_uint_eq(all.count, count);
	for (unsigned i = 0; i < count; i++) {
		if (is_open(first_id + i))
			continue;
		ck_assert_msg(gone == -1, "%s: more than one is gone", house);
		ck_assert(guest_goes_on(guests[i]));
		gone = (int)i;
	}
	ck_assert_int_eq(guest_goes_on(newcomer), gone == -1);
	ck_assert_int_eq(is_open(first_id + count), gone != -1);
	connections_close_all(&all);
	for (unsigned i = 0; i < count; i++)
		close(guests[i]);
	close(newcomer);
	messages[0] = '\0';
	return gone;
}

static const struct {
	const char *house;
	int goes;
} houses[] = {
	/* all alike: the oldest */
	{"ssss", 0},
	{"uuuu", 0},
	{"hhhh", 0},
	/* silent, then unended, then held, whatever their age */
	{"suh", 0},
	{"hus", 2},
	{"uhs", 2},
	{"hu", 1},
	{"uh", 0},
	/* the oldest of the least use, not of the house */
	{"usus", 1},
	{"huhu", 1},
	{"dtbhuhs", 6},
	{"tdhbh", 2},
	/* then what has come and is not known to be whole, and barriers last */
	{"dddd", 0},
	{"tttt", 0},
	{"bbbb", 0},
	{"dtb", 0},
	{"tbd", 2},
	{"bt", 0},
	{"dtbs", 3},
	{"sdtb", 0},
	{"dubt", 1},
	{"thdb", 1},
	/* a house of one */
	{"s", 0},
	{"u", 0},
	{"h", 0},
	{"d", 0},
	{"t", 0},
	{"b", 0},
};

START_TEST(the_oldest_of_the_least_use_makes_room)
{
	ck_assert_int_eq(who_goes(houses[_i].house), houses[_i].goes);
}
END_TEST

/* Every house of three, against the rule in other words. */
START_TEST(every_house_of_three)
{
	for (const char *a = kinds; *a; a++) {
		for (const char *b = kinds; *b; b++) {
			for (const char *c = kinds; *c; c++) {
				const char house[] = {*a, *b, *c, '\0'};
				int expected = -1;

				for (unsigned i = 0; expected < 0; i++)
					if (strpbrk(house, order[i]))
						expected = (int)(strpbrk(house, order[i]) - house);
				ck_assert_msg(who_goes(house) == expected, "%s", house);
			}
		}
	}
}
END_TEST

START_TEST(below_the_limit_nobody_goes)
{
	int guests[4];

	for (int i = 0; i < 4; i++) {
		guests[i] = guest_connect(i % 2 ? "A=1" : "");
		ck_assert_uint_eq(all.count, i + 1);
	}
	for (int i = 0; i < 4; i++) {
		ck_assert(!guest_goes_on(guests[i]));
		close(guests[i]);
	}
}
END_TEST

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

/* Slow ones are no reason to give up one that has just come and not had the time to speak. */
START_TEST(who_is_young_stays)
{
	int slow[2], young, next;

	all.max = 3;
	for (int i = 0; i < 2; i++) {
		slow[i] = guest_of('u');
		newest_grows_old();
	}
	young = guest_of(_i ? 'd' : 's');
	next = guest_connect("");
	ck_assert(guest_goes_on(slow[0]));
	ck_assert(is_open(3));
	close(next);
	close(slow[0]);
	close(slow[1]);
	close(young);
}
END_TEST

START_TEST(of_the_young_the_oldest_goes)
{
	int first = guest_of('s'), second, next;

	all.max = 2;
	second = guest_of('s');
	next = guest_connect("");
	ck_assert(guest_goes_on(first));
	ck_assert(!guest_goes_on(second));
	close(first);
	close(second);
	close(next);
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

int main(void)
{
	Suite *suite = suite_create("admission");
	TCase *tcase = harness_case(suite, "room");

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_loop_test(tcase, the_oldest_of_the_least_use_makes_room, 0,
	                    (int)(sizeof(houses) / sizeof(houses[0])));
	tcase_add_test(tcase, every_house_of_three);
	tcase_add_test(tcase, below_the_limit_nobody_goes);
	tcase_add_test(tcase, who_makes_room_while_held_goes_on_and_its_message_is_delivered);
	tcase_add_test(tcase, of_who_makes_room_before_the_end_nothing_is_delivered);
	tcase_add_test(tcase, a_message_gets_through_a_house_full_of_those_that_do_not_end);
	tcase_add_test(tcase, a_message_gets_through_a_house_full_of_idle_ones);
	tcase_add_test(tcase, a_thousand_that_say_nothing_leave_nothing);
	tcase_add_loop_test(tcase, who_is_young_stays, 0, 2);
	tcase_add_test(tcase, of_the_young_the_oldest_goes);
	tcase_add_test(tcase, whoever_is_idle_gives_way_when_asked_to);
	tcase = harness_case(suite, "stopping");
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_loop_test(tcase, stopping_ends_with_the_last_one_that_was_let_in, 0, 2);
	tcase_add_test(tcase, one_that_makes_room_while_stopping_is_not_the_last);
	return harness_run(suite);
}
