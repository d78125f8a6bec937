/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/timeline_model: a state as rows. Times of the states here are milliseconds after a minute. */
#include "show/timeline/timeline_model.h"

#include "harness.h"

#define AT(ms)   (UINT64_C(60000000) + (uint64_t)(ms)*1000)
#define MSEC(ms) (UINT64_C(1000) * (ms))

static struct state state;
static struct timeline timeline;

/* A VM that started at 0 and spoke at 100. */
static void setup(void)
{
	state_init(&state, AT(0) - 5);
	state.vmm_pid = 7;
	state.started_usec = AT(0);
	state.first_usec = AT(100);
	state.since_usec = AT(100);
	state.life = STATE_BOOTING;
}

static void unit(const char *name, uint64_t usec)
{
	struct state_fact *fact =
		state_fact_set(&state.facts, STATE_UNIT, (struct state_text){name, strlen(name)},
	                       (struct state_text){"", 0});

	ck_assert_ptr_nonnull(fact);
	fact->usec = usec;
	fact->number = usec != 0;
}

static void ready(unsigned ms)
{
	state.life = STATE_READY;
	state.ready_usec = AT(ms);
	state.since_usec = AT(ms);
}

static void hold(unsigned ms, uint32_t usec)
{
	state.held[state.held_count++] = (struct state_held){AT(ms), usec, 10};
}

static void check_row(unsigned i, const char *name, enum timeline_kind kind, unsigned begin,
                      unsigned end)
{
	ck_assert_uint_lt(i, timeline.row_count);
	ck_assert_str_eq(timeline.rows[i].name, name);
	ck_assert_int_eq(timeline.rows[i].kind, kind);
	ck_assert_uint_eq(timeline.rows[i].begin, MSEC(begin));
	ck_assert_uint_eq(timeline.rows[i].end, MSEC(end));
}

START_TEST(each_step_begins_where_the_one_before_it_ended)
{
	unit("basic.target", AT(400));
	unit("sysinit.target", AT(300)); /* in the order of time, whatever the file's is */
	unit("sockets.target", AT(300));
	unit("never.target", 0);
	unit("multi-user.target", AT(510));
	ready(500);
	timeline_make(&timeline, &state);
	ck_assert_uint_eq(timeline.row_count, 5);
	check_row(0, "firmware and kernel", TIMELINE_START, 0, 100);
	check_row(1, "sysinit.target", TIMELINE_UNIT, 100, 300);
	check_row(2, "sockets.target", TIMELINE_UNIT, 300, 300);
	check_row(3, "basic.target", TIMELINE_UNIT, 300, 400);
	check_row(4, "multi-user.target", TIMELINE_UNIT, 400, 510);
	ck_assert_int_eq(timeline.outcome, TIMELINE_READY);
	ck_assert_uint_eq(timeline.outcome_at, MSEC(500));
	ck_assert_uint_eq(timeline.end, MSEC(510));
	ck_assert_uint_eq(timeline.stopping, TIMELINE_NEVER);
}
END_TEST

START_TEST(what_comes_long_after_readiness_is_beyond)
{
	unit("basic.target", AT(400));
	unit("soon.target", AT(560)); /* an eighth */
	unit("late.target", AT(600));
	ready(500);
	timeline_make(&timeline, &state);
	ck_assert(!timeline.rows[2].beyond);
	ck_assert(timeline.rows[3].beyond);
	ck_assert_uint_eq(timeline.end, MSEC(560));
}
END_TEST

START_TEST(the_way_down_begins_by_itself_and_is_beyond_readiness)
{
	unit("basic.target", AT(400));
	ready(500);
	unit("shutdown.target", AT(505));
	unit("final.target", AT(506));
	state.life = STATE_STOPPED;
	state.since_usec = AT(600);
	timeline_make(&timeline, &state);
	check_row(2, "shutdown.target", TIMELINE_STOP, 505, 505);
	check_row(3, "final.target", TIMELINE_STOP, 505, 506);
	ck_assert(timeline.rows[2].beyond && timeline.rows[3].beyond);
	ck_assert_uint_eq(timeline.end, MSEC(500));
	ck_assert_uint_eq(timeline.stopping, MSEC(505));
	ck_assert_uint_eq(timeline.stopped, MSEC(600));
}
END_TEST

START_TEST(a_guest_that_was_not_ready_is_shown_to_its_end)
{
	unit("sysinit.target", AT(400));
	unit("shutdown.target", AT(5000));
	state.life = STATE_STOPPED;
	state.since_usec = AT(6000);
	timeline_make(&timeline, &state);
	ck_assert_int_eq(timeline.outcome, TIMELINE_ENDED);
	ck_assert(!timeline.rows[2].beyond);
	ck_assert_uint_eq(timeline.end, MSEC(6000));
}
END_TEST

START_TEST(while_it_boots_the_last_that_was_heard_is_the_end)
{
	unit("sysinit.target", AT(400));
	hold(700, 2000);
	timeline_make(&timeline, &state);
	ck_assert_int_eq(timeline.outcome, TIMELINE_PENDING);
	ck_assert_uint_eq(timeline.outcome_at, MSEC(702));
	ck_assert_uint_eq(timeline.end, MSEC(702));
}
END_TEST

START_TEST(emergency_mode_and_a_panic_are_outcomes)
{
	state.life = STATE_EMERGENCY;
	state.since_usec = AT(900);
	timeline_make(&timeline, &state);
	ck_assert_int_eq(timeline.outcome, TIMELINE_EMERGENCY);
	ck_assert_uint_eq(timeline.outcome_at, MSEC(900));
	state.life = STATE_PANICKED;
	timeline_make(&timeline, &state);
	ck_assert_int_eq(timeline.outcome, TIMELINE_PANICKED);
}
END_TEST

/* Nobody told when the VM started. */
static void nobody_saw_it_start(uint64_t listening_usec)
{
	state.vmm_pid = 0;
	state.listening_usec = listening_usec;
	state.started_usec = listening_usec;
	ready(500);
}

START_TEST(without_a_start_it_begins_with_listening)
{
	nobody_saw_it_start(AT(0));
	timeline_make(&timeline, &state);
	ck_assert(!timeline.start_known);
	check_row(0, "listening", TIMELINE_START, 0, 100);
}
END_TEST

START_TEST(or_with_the_first_word_where_that_was_too_long_before)
{
	nobody_saw_it_start(AT(0) - UINT64_C(2000000));
	timeline_make(&timeline, &state);
	ck_assert_uint_eq(timeline.waited, MSEC(2100));
	ck_assert_uint_eq(timeline.row_count, 0);
	ck_assert_uint_eq(timeline.outcome_at, MSEC(400));
}
END_TEST

START_TEST(a_slow_start_that_was_seen_is_shown_however_long)
{
	ready(101);
	timeline_make(&timeline, &state);
	check_row(0, "firmware and kernel", TIMELINE_START, 0, 100);
}
END_TEST

START_TEST(a_unit_knows_how_long_its_notification_held_the_guest)
{
	hold(100, 700);
	hold(399, 2500);
	hold(450, 900);
	hold(9000, 99000); /* long after */
	unit("basic.target", AT(400));
	unit("other.target", AT(480));
	ready(500);
	timeline_make(&timeline, &state);
	ck_assert_uint_eq(timeline.rows[1].held, 2500);
	ck_assert_uint_eq(timeline.rows[2].held, TIMELINE_NEVER);
	ck_assert_uint_eq(timeline.held_count, 3);
	ck_assert_uint_eq(timeline.held_total, 4100);
	ck_assert_uint_eq(timeline.held_max, 2500);
}
END_TEST

START_TEST(a_guest_that_said_nothing_has_no_rows)
{
	state.first_usec = 0;
	state.life = STATE_WAITING;
	state.since_usec = state.listening_usec;
	timeline_make(&timeline, &state);
	ck_assert_uint_eq(timeline.row_count, 0);
	ck_assert_uint_eq(timeline.first, TIMELINE_NEVER);
	ck_assert_uint_ge(timeline.end, 1);
}
END_TEST

START_TEST(times_that_cannot_be_are_kept_within_the_axis)
{
	static const uint64_t times[] = {1, AT(0) - 1, AT(300), UINT64_MAX - 1, UINT64_MAX};
	static const char *const names[] = {"a", "b", "c", "d", "e"};

	for (unsigned i = 0; i < 5; i++)
		unit(names[i], times[i]);
	hold(0, UINT32_MAX);
	state.held[0].accepted_usec = UINT64_MAX;
	for (unsigned i = 0; i < 5; i++) {
		ready(0);
		state.ready_usec = times[i];
		timeline_make(&timeline, &state);
		ck_assert_uint_ge(timeline.end, 1);
		for (unsigned row = 0; row < timeline.row_count; row++)
			ck_assert_uint_le(timeline.rows[row].begin, timeline.rows[row].end);
	}
}
END_TEST

START_TEST(as_many_units_as_a_state_has_are_rows)
{
	char name[16];

	for (unsigned i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "%u.target", i);
		unit(name, AT(1000 - i));
	}
	ready(1000);
	timeline_make(&timeline, &state);
	ck_assert_uint_eq(timeline.row_count, 65);
	check_row(1, "63.target", TIMELINE_UNIT, 100, 937);
	check_row(64, "0.target", TIMELINE_UNIT, 999, 1000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timeline_model");
	TCase *tcase = harness_case(suite, "timeline_model");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, each_step_begins_where_the_one_before_it_ended);
	tcase_add_test(tcase, what_comes_long_after_readiness_is_beyond);
	tcase_add_test(tcase, the_way_down_begins_by_itself_and_is_beyond_readiness);
	tcase_add_test(tcase, a_guest_that_was_not_ready_is_shown_to_its_end);
	tcase_add_test(tcase, while_it_boots_the_last_that_was_heard_is_the_end);
	tcase_add_test(tcase, emergency_mode_and_a_panic_are_outcomes);
	tcase_add_test(tcase, without_a_start_it_begins_with_listening);
	tcase_add_test(tcase, or_with_the_first_word_where_that_was_too_long_before);
	tcase_add_test(tcase, a_slow_start_that_was_seen_is_shown_however_long);
	tcase_add_test(tcase, a_unit_knows_how_long_its_notification_held_the_guest);
	tcase_add_test(tcase, a_guest_that_said_nothing_has_no_rows);
	tcase_add_test(tcase, times_that_cannot_be_are_kept_within_the_axis);
	tcase_add_test(tcase, as_many_units_as_a_state_has_are_rows);
	return harness_run(suite);
}
