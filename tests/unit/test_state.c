/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of state/state: every event in every life, and whole lives by hand. Real ones: test_state_captures.c. */
#include "state/state.h"

#include "state_fixture.h"

#define LIVES 7

/* Puts it into that life by events, without a VMM where the life allows that. */
static void live(enum state_life wanted)
{
	if (wanted == STATE_STOPPED)
		state_end(&state, -1, clock_usec += STATE_SECOND);
	if (wanted == STATE_STOPPED || wanted == STATE_WAITING)
		return;
	happens(VSN_EVENT_GUEST_BOOTING);
	says("X_SYSTEMD_HOSTNAME=a");
	if (wanted == STATE_READY)
		happens(VSN_EVENT_GUEST_READY);
	else if (wanted == STATE_EMERGENCY)
		happens(VSN_EVENT_GUEST_EMERGENCY);
	else if (wanted == STATE_STOPPING)
		happens_with(VSN_EVENT_GUEST_STOPPING, 0, "");
	else if (wanted == STATE_PANICKED)
		happens(VSN_EVENT_GUEST_PANIC);
	ck_assert_int_eq(state.life, wanted);
}

/* The life after an event, by the life before: w b r e s S p; and whether it is written (s, c, t, m). */
static const struct {
	uint32_t type;
	int64_t number;
	const char *text;
	const char *after;
	const char *change;
} table[] = {
	{VSN_EVENT_GUEST_BOOTING, 0, NULL, "bbbbbbb", "mmmmmmm"},
	{VSN_EVENT_GUEST_READY, 0, NULL, "rrrrrrr", "mmsmmmm"},
	{VSN_EVENT_GUEST_EMERGENCY, 0, NULL, "eeeeeee", "mmmsmmm"},
	{VSN_EVENT_GUEST_EXIT, 3, NULL, "SSSSSSS", "mmmmmmm"},
	{VSN_EVENT_GUEST_PANIC, 0, NULL, "ppppppp", "mmmmmms"},
	{VSN_EVENT_GUEST_STOPPING, 0, "poweroff", "sssssss", NULL},
	{VSN_EVENT_GUEST_WAITING, 0, NULL, "wwwwwww", "mmmmmmm"},
	{VSN_EVENT_GUEST_RECOVERED, 0, NULL, "bbbbbbb", "msmmmmm"},
	{VSN_EVENT_GUEST_FIELD, 0, "X_OTHER=1", "wbresSp", "mmmmmmm"},
	{VSN_EVENT_GUEST_FIELD, 0, "X_SYSTEMD_HOSTNAME=a", "wbresSp", "mssssms"},
	{VSN_EVENT_GUEST_FIELD, 0, "STATUS=x", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_FIELD, 1, "MAINPID=1", "wbresSp", "ccccccc"},
	{VSN_EVENT_GUEST_UNIT_ACTIVE, 0, "a.target", "wbresSp", "mmmmmmm"},
	{VSN_EVENT_GUEST_UNIT_INACTIVE, 0, "a.target", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_UNIT_ACTIVE, 0, "shutdown.target", "wbresSp", "mmmmmmm"},
	{VSN_EVENT_GUEST_UNIT_ACTIVE, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_UNIT_ACTIVE, 0, "", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_HOSTNAME, 0, "a", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_STATUS, 0, "Starting", "wbresSp", "ttttttt"},
	{VSN_EVENT_GUEST_STATUS, 0, "", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_LOST, 0, NULL, "wbresSp", "ccccccc"},
	{VSN_EVENT_VM_REBOOTED, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_VM_PAUSED, 0, NULL, "wbresSp", "mmmmmmm"},
	{VSN_EVENT_VM_RESUMED, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_VM_RESTORED, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_VM_STARTED, 77, NULL, "wbresSp", "mmmmmmm"},
	{VSN_EVENT_VM_STOPPED, 0, NULL, "wbresSp", "sssssss"},
	/* What is no field, and what is not known. */
	{VSN_EVENT_GUEST_FIELD, 0, "", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_FIELD, 0, "no assignment", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_FIELD, 0, "=1", "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_FIELD, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_STATUS, 0, NULL, "wbresSp", "sssssss"},
	{VSN_EVENT_GUEST_STOPPING, 0, NULL, "wbresSp", "sssssss"},
	{0, 0, NULL, "wbresSp", "sssssss"},
	{15, 0, "x", "wbresSp", "sssssss"},
	{VSN_EVENT_VM_PROCESS, 78, NULL, "wbresSp", "mmmmmmm"},
	{VSN_EVENT_VM_TAKEN_UP, 1, NULL, "wbresSp", "sssssss"},
	{UINT32_MAX, 0, "x", "wbresSp", "sssssss"},
};

START_TEST(every_event_in_every_life)
{
	static const char letters[] = "wbresSp";
	static const char changes[] = "sctm";

	for (int before = 0; before < LIVES; before++) {
		enum state_change change;

		state_setup();
		live(before);
		change = happens_with(table[_i].type, table[_i].number, table[_i].text);
		ck_assert_msg(letters[state.life] == table[_i].after[before],
		              "event %u in life %s: %s", table[_i].type, state_life_name(before),
		              life());
		if (table[_i].change)
			ck_assert_msg(changes[change] == table[_i].change[before],
			              "event %u (%s) in life %s: change %d", table[_i].type,
			              table[_i].text ? table[_i].text : "", state_life_name(before),
			              change);
	}
}
END_TEST

START_TEST(a_life_has_a_name_and_is_found_by_it)
{
	for (int one = 0; one < LIVES; one++) {
		enum state_life found = STATE_WAITING;

		ck_assert(state_life_parse(state_life_name(one), &found));
		ck_assert_int_eq(found, one);
	}
	ck_assert(!state_life_parse("", &(enum state_life){0}));
	ck_assert(!state_life_parse("Ready", &(enum state_life){0}));
	ck_assert(!state_life_parse("readyx", &(enum state_life){0}));
}
END_TEST

START_TEST(nothing_is_known_at_first)
{
	ck_assert_str_eq(life(), "waiting");
	ck_assert_int_eq(state.exit_status, -1);
	ck_assert_int_eq((int)state.guest_port, -1);
	ck_assert_uint_eq(state.boots, 0);
	ck_assert_uint_eq(state.listening_usec, clock_usec);
	ck_assert_uint_eq(state.started_usec, clock_usec);
	ck_assert_uint_eq(state.since_usec, clock_usec);
	ck_assert_uint_eq(state.first_usec, 0);
}
END_TEST

START_TEST(times_are_those_of_the_first)
{
	uint64_t first = clock_usec + STATE_SECOND, ready;

	says("X_SYSTEMD_HOSTNAME=a");
	active("basic.target");
	ck_assert_uint_eq(state.first_usec, first);
	ck_assert_uint_eq(unit_of("basic.target")->usec, first + STATE_SECOND);
	happens(VSN_EVENT_GUEST_READY);
	ready = clock_usec;
	happens(VSN_EVENT_GUEST_READY);
	active("basic.target");
	ck_assert_uint_eq(state.ready_usec, ready);
	ck_assert_uint_eq(state.since_usec, ready);
	ck_assert_uint_eq(unit_of("basic.target")->usec, first + STATE_SECOND);
}
END_TEST

START_TEST(a_unit_goes_and_comes_again)
{
	active("a.target");
	ck_assert_int_eq(inactive("a.target"), STATE_MOVED);
	ck_assert_uint_eq(unit_of("a.target")->number, 0);
	ck_assert_uint_eq(unit_of("a.target")->usec, clock_usec - STATE_SECOND);
	ck_assert_int_eq(inactive("a.target"), STATE_SAME);
	ck_assert_int_eq(active("a.target"), STATE_MOVED);
	ck_assert_uint_eq(unit_of("a.target")->number, 1);
	ck_assert_uint_eq(unit_of("a.target")->usec, 11 * STATE_SECOND); /* when it was first */
	ck_assert_int_eq(active(""), STATE_SAME);
}
END_TEST

START_TEST(units_that_find_no_room_are_counted)
{
	char unit[64];

	for (unsigned i = 0; state.facts.lost[STATE_UNIT] == 0; i++) {
		snprintf(unit, sizeof(unit), "%u.target", i);
		ck_assert_int_ge(active(unit), STATE_COUNTED);
	}
	ck_assert_int_eq(active("final.target"), STATE_COUNTED);
	ck_assert_int_eq(inactive("final.target"), STATE_SAME);
	ck_assert_ptr_null(unit_of("final.target"));
	/* What the unit means is an edge of its own. */
	happens_with(VSN_EVENT_GUEST_STOPPING, 0, "");
	ck_assert_str_eq(life(), "stopping");
	happens_with(VSN_EVENT_GUEST_BOOTING, 1, NULL);
	ck_assert_uint_eq(state.facts.lost[STATE_UNIT], 0);
}
END_TEST

/* The events of these tell it already. */
START_TEST(a_field_that_another_event_tells_is_not_recorded_twice)
{
	struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = VSN_EVENT_GUEST_FIELD,
		.now_usec = 7,
		.text = "X_SYSTEMD_UNIT_ACTIVE=a.target",
		.length = 30,
		.flags = VSN_FIELD_SYSTEMD | VSN_FIELD_TOLD,
	};

	ck_assert_int_eq(state_event(&state, &event), STATE_SAME);
	ck_assert_uint_eq(state.facts.count, 0);
	ck_assert_uint_eq(state.first_usec, 7);
	event.struct_size = offsetof(struct vsn_event, flags);
	event.text = "X_A=1";
	event.length = 5;
	ck_assert_int_eq(state_event(&state, &event), STATE_MOVED);
}
END_TEST

START_TEST(another_vm_makes_all_void_but_counters)
{
	happens_with(VSN_EVENT_VM_PROCESS, 77, NULL);
	ck_assert_int_eq(state.process, 77);
	/* The kernel does not say which. */
	happens_with(VSN_EVENT_VM_PROCESS, -1, NULL);
	ck_assert_int_eq(state.process, 0);
	state.process_id = 5;
	happens(VSN_EVENT_GUEST_BOOTING);
	says("X_A=1");
	active("basic.target");
	happens(VSN_EVENT_GUEST_READY);
	happens_with(VSN_EVENT_GUEST_STATUS, 0, "x");
	happens_with(VSN_EVENT_VM_PROCESS, 78, NULL);
	happens(VSN_EVENT_GUEST_WAITING);
	ck_assert_str_eq(life(), "waiting");
	ck_assert_uint_eq(state.started_usec, clock_usec);
	ck_assert_uint_eq(state.since_usec, clock_usec);
	ck_assert_uint_eq(state.first_usec + state.ready_usec, 0);
	ck_assert_str_eq(state.status, "");
	ck_assert_ptr_null(state_field(&state, "X_A"));
	ck_assert_ptr_null(unit_of("basic.target"));
	ck_assert_int_eq(state.process, 78);
	ck_assert_uint_eq(state.process_id, 0);
	ck_assert_uint_eq(state.boots, 1);
	happens(VSN_EVENT_GUEST_BOOTING);
	ck_assert_uint_eq(state.boots, 2);
	ck_assert_uint_eq(state.started_usec, clock_usec - STATE_SECOND);
}
END_TEST

START_TEST(a_field_has_its_last_value)
{
	says("X_SYSTEMD_HOSTNAME=a");
	ck_assert_int_eq(says("X_SYSTEMD_HOSTNAME=ab"), STATE_MOVED);
	ck_assert_str_eq(state_field(&state, "X_SYSTEMD_HOSTNAME"), "ab");
	ck_assert_int_eq(says("X_A=b=c"), STATE_MOVED);
	ck_assert_str_eq(state_field(&state, "X_A"), "b=c");
	ck_assert_int_eq(says("X_A="), STATE_MOVED);
	ck_assert_str_eq(state_field(&state, "X_A"), "");
	says("STATUS=a");
	says("X=1");
	ck_assert_ptr_null(state_field(&state, "STATUS"));
	ck_assert_ptr_null(state_field(&state, "X"));
	ck_assert_ptr_null(state_field(&state, "X_"));
}
END_TEST

START_TEST(what_is_refused_is_counted_by_name_for_all_lives)
{
	happens_with(VSN_EVENT_GUEST_FIELD, 1, "MAINPID=1");
	happens_with(VSN_EVENT_GUEST_FIELD, 1, "MAINPID=2");
	happens_with(VSN_EVENT_GUEST_FIELD, 1, "FDSTORE=1");
	happens(VSN_EVENT_GUEST_BOOTING);
	happens_with(VSN_EVENT_GUEST_FIELD, 1, "MAINPID=3");
	ck_assert_uint_eq(state.refused, 4);
	ck_assert_uint_eq(refused_of("MAINPID")->number, 3);
	ck_assert_uint_eq(refused_of("FDSTORE")->number, 1);
	ck_assert_uint_eq(refused_of("MAINPID")->usec, 11 * STATE_SECOND);
}
END_TEST

START_TEST(readiness_may_be_inferred)
{
	happens(VSN_EVENT_GUEST_BOOTING);
	happens_with(VSN_EVENT_GUEST_READY, 1, NULL);
	ck_assert_str_eq(life(), "ready");
	ck_assert(state.ready_inferred);
	happens(VSN_EVENT_GUEST_BOOTING);
	ck_assert(!state.ready_inferred);
	happens_with(VSN_EVENT_GUEST_READY, 1, NULL);
	happens(VSN_EVENT_GUEST_EMERGENCY);
	happens(VSN_EVENT_GUEST_READY);
	ck_assert(!state.ready_inferred);
}
END_TEST

START_TEST(lost_messages_are_counted_in_all_and_by_life)
{
	/* The first message of a VM is of the life that the next one shows. */
	happens(VSN_EVENT_GUEST_LOST);
	happens(VSN_EVENT_GUEST_BOOTING);
	happens(VSN_EVENT_GUEST_LOST);
	ck_assert_uint_eq(state.lost_messages, 2);
	ck_assert_uint_eq(state.life_lost_messages, 2);
	ck_assert_uint_eq(state.lost_count, 2);
	ck_assert_uint_eq(state.lost_usec[0], 11 * STATE_SECOND);
	ck_assert_uint_eq(state.lost_usec[1], 13 * STATE_SECOND);
	/* A reboot. */
	happens(VSN_EVENT_GUEST_BOOTING);
	ck_assert_uint_eq(state.lost_messages, 2);
	ck_assert_uint_eq(state.life_lost_messages, 0);
	ck_assert_uint_eq(state.lost_count, 0);
	happens(VSN_EVENT_GUEST_LOST);
	ck_assert_uint_eq(state.lost_messages, 3);
	ck_assert_uint_eq(state.life_lost_messages, 1);
	/* Another VM. */
	happens(VSN_EVENT_GUEST_WAITING);
	ck_assert_uint_eq(state.lost_messages, 3);
	ck_assert_uint_eq(state.life_lost_messages, 0);
	ck_assert_uint_eq(state.lost_count, 0);
}
END_TEST

START_TEST(the_times_of_the_first_lost_messages_are_kept)
{
	for (unsigned i = 0; i < STATE_LOST_MAX + 2; i++)
		happens(VSN_EVENT_GUEST_LOST);
	ck_assert_uint_eq(state.life_lost_messages, STATE_LOST_MAX + 2);
	ck_assert_uint_eq(state.lost_count, STATE_LOST_MAX);
	ck_assert_uint_eq(state.lost_usec[STATE_LOST_MAX - 1],
	                  (10 + STATE_LOST_MAX) * STATE_SECOND);
}
END_TEST

START_TEST(an_older_event_has_no_text)
{
	struct vsn_event event = {
		.struct_size = offsetof(struct vsn_event, text),
		.type = VSN_EVENT_GUEST_STATUS,
		.text = "x",
		.length = 1,
	};

	ck_assert_int_eq(state_event(&state, &event), STATE_SAME);
	ck_assert_str_eq(state.status, "");
}
END_TEST

START_TEST(texts_that_are_too_long_are_cut)
{
	char text[8000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(happens_with(VSN_EVENT_GUEST_STATUS, 0, text), STATE_TOLD);
	ck_assert_uint_eq(strlen(state.status), STATE_STATUS_MAX);
	ck_assert_int_eq(happens_with(VSN_EVENT_GUEST_STATUS, 0, text), STATE_SAME);
	happens_with(VSN_EVENT_GUEST_STOPPING, 0, text);
	ck_assert_uint_eq(strlen(state.way), STATE_WAY_MAX - 1);
	memcpy(text, "X_A=", 4);
	says(text);
	ck_assert_ptr_null(state_field(&state, "X_A"));
	ck_assert_uint_eq(state.facts.lost[STATE_FIELD], 1);
}
END_TEST

START_TEST(a_new_life_begins_with_nothing_but_counters)
{
	const struct state_held held = {.accepted_usec = 1, .held_usec = 9, .bytes = 3};

	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	happens(VSN_EVENT_GUEST_BOOTING);
	says("X_A=1");
	active("basic.target");
	happens(VSN_EVENT_GUEST_READY);
	happens_with(VSN_EVENT_GUEST_STATUS, 0, "x");
	state_connection(&state, &held, 900);
	happens_with(VSN_EVENT_GUEST_STOPPING, 0, "reboot");
	happens_with(VSN_EVENT_GUEST_EXIT, 0, NULL);
	ck_assert_str_eq(life(), "stopping"); /* its VM lives on */
	ck_assert_int_eq(state.exit_status, 0);
	happens(VSN_EVENT_VM_REBOOTED);
	happens_with(VSN_EVENT_GUEST_BOOTING, 1, NULL);
	ck_assert_str_eq(life(), "booting");
	ck_assert_uint_eq(state.boots, 2);
	ck_assert_uint_eq(state.started_usec, clock_usec);
	ck_assert_uint_eq(state.first_usec + state.ready_usec, 0);
	ck_assert_int_eq(state.exit_status, -1);
	ck_assert_str_eq(state.way, "");
	ck_assert_str_eq(state.status, "");
	ck_assert_uint_eq(state.held_count, 0);
	ck_assert_ptr_null(state_field(&state, "X_A"));
	ck_assert_ptr_null(unit_of("basic.target"));
	ck_assert_uint_eq(state.connections, 1);
	ck_assert_uint_eq(state.held_usec, 9);
	ck_assert_int_eq((int)state.guest_port, 900);
	ck_assert_int_eq(state.vmm_pid, 77);
}
END_TEST

START_TEST(the_way_of_stopping_may_be_known_later)
{
	happens_with(VSN_EVENT_GUEST_STOPPING, 0, "");
	ck_assert_str_eq(life(), "stopping");
	ck_assert_int_eq(happens_with(VSN_EVENT_GUEST_STOPPING, 0, "reboot"), STATE_MOVED);
	ck_assert_str_eq(state.way, "reboot");
	ck_assert_int_eq(happens_with(VSN_EVENT_GUEST_STOPPING, 0, "reboot"), STATE_SAME);
	ck_assert_int_eq(happens_with(VSN_EVENT_GUEST_STOPPING, 0, ""), STATE_SAME);
	ck_assert_str_eq(state.way, "reboot");
}
END_TEST

/* Nobody but the guest tells of a reboot: the next life is taken to have begun with its last word. */
START_TEST(a_reboot_in_band_begins_where_the_last_life_stopped)
{
	uint64_t stopped;

	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	happens(VSN_EVENT_GUEST_BOOTING);
	happens_with(VSN_EVENT_GUEST_STOPPING, 0, "reboot");
	stopped = clock_usec;
	happens(VSN_EVENT_GUEST_BOOTING);
	says("X_A=1");
	ck_assert_uint_eq(state.started_usec, stopped);
	ck_assert_uint_eq(state.first_usec, clock_usec);
	ck_assert_uint_eq(state.boots, 2);
}
END_TEST

START_TEST(a_vm_that_had_ended_has_begun_again_no_later_than_its_first_word)
{
	live(STATE_STOPPED);
	happens(VSN_EVENT_GUEST_BOOTING);
	ck_assert_uint_eq(state.started_usec, clock_usec);
	says("X_SYSTEMD_HOSTNAME=a");
	ck_assert_uint_eq(state.first_usec, clock_usec);
}
END_TEST

START_TEST(the_end_keeps_what_the_guest_said_unless_the_service_has_a_status)
{
	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	happens_with(VSN_EVENT_GUEST_EXIT, 42, NULL);
	ck_assert_str_eq(life(), "waiting");
	state_end(&state, -1, clock_usec += STATE_SECOND);
	ck_assert_str_eq(life(), "stopped");
	ck_assert_int_eq(state.exit_status, 42);
	ck_assert_uint_eq(state.since_usec, clock_usec);
	ck_assert_int_eq(state.last_life, STATE_WAITING);
	state_end(&state, 7, clock_usec + STATE_SECOND);
	ck_assert_int_eq(state.exit_status, 7);
	ck_assert_uint_eq(state.since_usec, clock_usec);
}
END_TEST

/* Who comes after may take it up. */
START_TEST(the_end_keeps_what_the_life_was)
{
	happens(VSN_EVENT_GUEST_BOOTING);
	happens(VSN_EVENT_GUEST_READY);
	state_end(&state, -1, clock_usec + STATE_SECOND);
	ck_assert_str_eq(life(), "stopped");
	ck_assert_int_eq(state.last_life, STATE_READY);
	ck_assert_uint_eq(state.last_since_usec, clock_usec);
	state_end(&state, -1, clock_usec + STATE_SECOND);
	ck_assert_int_eq(state.last_life, STATE_READY);
}
END_TEST

START_TEST(emergency_then_recovery)
{
	happens(VSN_EVENT_GUEST_BOOTING);
	active("emergency.target");
	happens(VSN_EVENT_GUEST_EMERGENCY);
	ck_assert_uint_eq(state.ready_usec, 0);
	inactive("emergency.target");
	happens(VSN_EVENT_GUEST_RECOVERED);
	ck_assert_str_eq(life(), "booting");
	ck_assert_ptr_nonnull(unit_of("emergency.target"));
	happens(VSN_EVENT_GUEST_READY);
	ck_assert_str_eq(life(), "ready");
	ck_assert_uint_eq(state.ready_usec, clock_usec);
	ck_assert_uint_eq(state.boots, 1);
}
END_TEST

START_TEST(a_restored_vm_goes_on_and_pauses)
{
	happens_with(VSN_EVENT_VM_STARTED, 77, NULL);
	happens(VSN_EVENT_VM_PAUSED);
	ck_assert(state.paused);
	happens(VSN_EVENT_VM_RESTORED);
	happens(VSN_EVENT_GUEST_READY);
	ck_assert(!state.paused);
	says("X_SYSTEMD_HOSTNAME=a");
	ck_assert_str_eq(life(), "ready");
	ck_assert_uint_eq(state.boots, 0);
	happens(VSN_EVENT_VM_PAUSED);
	ck_assert_int_eq(happens(VSN_EVENT_VM_PAUSED), STATE_SAME);
	happens(VSN_EVENT_VM_RESUMED);
	ck_assert(!state.paused);
	ck_assert_str_eq(life(), "ready");
}
END_TEST

START_TEST(connections_are_counted_and_the_first_kept)
{
	for (unsigned i = 0; i < STATE_HELD_MAX + 10; i++) {
		const struct state_held held = {.accepted_usec = i, .held_usec = i, .bytes = 1};

		ck_assert_int_eq(state_connection(&state, &held, i == 5 ? 1000 : -1),
		                 STATE_COUNTED);
	}
	ck_assert_uint_eq(state.connections, STATE_HELD_MAX + 10);
	ck_assert_uint_eq(state.held_count, STATE_HELD_MAX);
	ck_assert_uint_eq(state.held[STATE_HELD_MAX - 1].accepted_usec, STATE_HELD_MAX - 1);
	ck_assert_uint_eq(state.held_max_usec, STATE_HELD_MAX + 9);
	ck_assert_uint_eq(state.held_usec, (STATE_HELD_MAX + 9) * (STATE_HELD_MAX + 10) / 2);
	ck_assert_int_eq((int)state.guest_port, 1000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state");
	TCase *tcase = harness_case(suite, "state");

	tcase_add_checked_fixture(tcase, state_setup, NULL);
	tcase_add_loop_test(tcase, every_event_in_every_life, 0,
	                    (int)(sizeof(table) / sizeof(table[0])));
	tcase_add_test(tcase, a_life_has_a_name_and_is_found_by_it);
	tcase_add_test(tcase, nothing_is_known_at_first);
	tcase_add_test(tcase, times_are_those_of_the_first);
	tcase_add_test(tcase, a_unit_goes_and_comes_again);
	tcase_add_test(tcase, units_that_find_no_room_are_counted);
	tcase_add_test(tcase, a_field_that_another_event_tells_is_not_recorded_twice);
	tcase_add_test(tcase, another_vm_makes_all_void_but_counters);
	tcase_add_test(tcase, a_field_has_its_last_value);
	tcase_add_test(tcase, what_is_refused_is_counted_by_name_for_all_lives);
	tcase_add_test(tcase, readiness_may_be_inferred);
	tcase_add_test(tcase, lost_messages_are_counted_in_all_and_by_life);
	tcase_add_test(tcase, the_times_of_the_first_lost_messages_are_kept);
	tcase_add_test(tcase, an_older_event_has_no_text);
	tcase_add_test(tcase, texts_that_are_too_long_are_cut);
	tcase_add_test(tcase, a_new_life_begins_with_nothing_but_counters);
	tcase_add_test(tcase, the_way_of_stopping_may_be_known_later);
	tcase_add_test(tcase, a_reboot_in_band_begins_where_the_last_life_stopped);
	tcase_add_test(tcase, a_vm_that_had_ended_has_begun_again_no_later_than_its_first_word);
	tcase_add_test(tcase, the_end_keeps_what_the_guest_said_unless_the_service_has_a_status);
	tcase_add_test(tcase, the_end_keeps_what_the_life_was);
	tcase_add_test(tcase, emergency_then_recovery);
	tcase_add_test(tcase, a_restored_vm_goes_on_and_pauses);
	tcase_add_test(tcase, connections_are_counted_and_the_first_kept);
	return harness_run(suite);
}
