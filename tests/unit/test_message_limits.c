/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/message with a guest that says too much too often: what a service manager is
 * told then, what of it is a change of state (which the shim keeps until it is delivered), what is counted.
 */
#include "plugins/notify/message.h"

#include "guest_fixture.h"

#define NOW (500 * SECOND)

static void setup(void)
{
	guest_init(&guest);
}

static const char *told(const char *text)
{
	return told_at(text, NOW);
}

/* --- changes of state */

START_TEST(ready_that_comes_again_is_no_change_of_state)
{
	ck_assert_str_eq(told("READY=1"), "READY=1");
	ck_assert(result.state);
	for (int i = 0; i < 100; i++) {
		ck_assert_str_eq(told("READY=1\nSTATUS=Ready."), "READY=1\nSTATUS=Ready.");
		ck_assert(!result.state);
		ck_assert_uint_eq(result.exceeded, 0);
	}
}
END_TEST

START_TEST(a_guest_that_flaps_is_told_of_ten_times)
{
	unsigned changes = 0, exceeded = 0;

	told("READY=1");
	for (int i = 0; i < 1000; i++) {
		told(i % 2 ? "READY=1" : "STOPPING=1");
		changes += result.state;
		exceeded += result.exceeded;
	}
	ck_assert_uint_eq(changes, 2 * LIMITS_TRANSITIONS);
	ck_assert_uint_eq(exceeded, 500 - LIMITS_TRANSITIONS);
	/* READY came last, so the unit is what the guest is. */
	ck_assert_int_eq(guest.limits.state, POLICY_READY);
	ck_assert_str_eq(told("STOPPING=1\nSTATUS=x"), "STATUS=x");
	ck_assert_uint_eq(result.exceeded, 1);
	ck_assert_str_eq(told_at("STOPPING=1", NOW + 10 * SECOND), "STOPPING=1");
}
END_TEST

START_TEST(in_one_message_too)
{
	char text[4000] = "";

	while (strlen(text) + 20 < sizeof(text))
		strcat(text, "STOPPING=1\nREADY=1\n");
	ck_assert_str_eq(told(text), "STOPPING=1\nREADY=1");
}
END_TEST

START_TEST(reloading_does_not_last_however_often_it_was_said)
{
	set("allow", "RELOADING");
	told("READY=1");
	for (int i = 0; i < 100; i++) {
		told("RELOADING=1");
		told("READY=1");
		ck_assert_str_eq(shown_result(), "READY=1");
		ck_assert_int_eq(result.state, i < LIMITS_TRANSITIONS);
	}
	ck_assert_str_eq(told("RELOADING=1"), "");
	ck_assert_uint_eq(result.exceeded, 1);
}
END_TEST

START_TEST(reboots_without_end_are_told_of_ten_times_as_a_reload)
{
	unsigned reloads = 0;

	set("track", "on");
	set("reboot", "reloading");
	for (int i = 0; i < 100; i++) {
		told("X_SYSTEMD_UNIT_ACTIVE=basic.target\nREADY=1");
		reloads += strncmp(told("X_SYSTEMD_SHUTDOWN=reboot"), "RELOADING=1\n", 12) == 0;
		ck_assert_int_eq(result.exceeded, i >= LIMITS_TRANSITIONS);
		ck_assert_ptr_nonnull(strstr(shown_result(), "STATUS=guest is rebooting"));
	}
	ck_assert_uint_eq(reloads, LIMITS_TRANSITIONS);
}
END_TEST

START_TEST(the_vmms_reboots_are_counted_with_the_guests)
{
	set("track", "on");
	set("reboot", "reloading");
	for (int i = 0; i < 2 * LIMITS_TRANSITIONS; i++) {
		told("X_SYSTEMD_UNIT_ACTIVE=basic.target\nREADY=1");
		told_of(VSN_EVENT_VM_REBOOTED, 0, NOW);
		ck_assert_int_eq(result.exceeded, i >= LIMITS_TRANSITIONS);
	}
}
END_TEST

/* The shim bounds progress by its rate, and leaves the bounds of changes of state to the plugin. */
START_TEST(a_guest_that_ends_without_end_is_progress_in_the_end)
{
	unsigned changes = 0;

	for (int i = 0; i < 1000; i++) {
		ck_assert_str_eq(told(i % 2 ? "EXIT_STATUS=1\nX_SYSTEMD_SHUTDOWN=exit"
		                            : "EXIT_STATUS=2\nX_SYSTEMD_SHUTDOWN=exit"),
		                 i % 2 ? "EXIT_STATUS=1" : "EXIT_STATUS=2");
		changes += result.state;
	}
	ck_assert_uint_eq(changes, LIMITS_TRANSITIONS);
	/* and has used up nothing of what other changes have */
	guest.life = (struct life){0};
	ck_assert_str_eq(told("STOPPING=1"), "STOPPING=1");
}
END_TEST

/* Whatever a guest says, in a second no more changes than there are limits for. */
START_TEST(no_message_is_a_change_of_state_for_ever)
{
	static const char *const texts[] = {
		"READY=1",
		"STOPPING=1",
		"RELOADING=1",
		"WATCHDOG=1",
		"EXIT_STATUS=1\nX_SYSTEMD_SHUTDOWN=exit",
		"EXIT_STATUS=1\nX_SYSTEMD_SHUTDOWN=reboot",
		"X_SYSTEMD_SHUTDOWN=poweroff",
		"X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target",
		"X_SYSTEMD_UNIT_ACTIVE=basic.target",
		"X_SYSTEMD_UNIT_ACTIVE=emergency.target",
		"BARRIER=1",
		"EXTEND_TIMEOUT_USEC=1",
		"ERRNO=1",
		"STATUS=x",
	};
	const unsigned count = sizeof(texts) / sizeof(texts[0]);
	unsigned changes = 0;

	set("allow", "RELOADING,WATCHDOG,ERRNO,X_*");
	set("track", _i % 2 ? "on" : "off");
	set("reboot", _i % 4 < 2 ? "status" : "reloading");
	/* each pair of them, a hundred times */
	for (unsigned first = 0; first < count; first++) {
		for (unsigned second = 0; second < count; second++) {
			for (int i = 0; i < 100; i++) {
				told(texts[first]);
				changes += result.state;
				told(texts[second]);
				changes += result.state;
			}
		}
	}
	ck_assert_uint_le(changes, 1 + 3 * LIMITS_TRANSITIONS);
	ck_assert_uint_ge(changes, LIMITS_TRANSITIONS);
}
END_TEST

/* --- EXTEND_TIMEOUT_USEC */

START_TEST(an_extension_is_cut_to_what_is_granted)
{
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=18446744073709551615"),
	                 "EXTEND_TIMEOUT_USEC=600000000");
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=000005"), "EXTEND_TIMEOUT_USEC=5");
	set("max-extend", "2");
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=3000000\nEXTEND_TIMEOUT_USEC=1"),
	                 "EXTEND_TIMEOUT_USEC=2000000");
}
END_TEST

START_TEST(what_is_said_twice_in_a_message_has_no_second_effect)
{
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=3\nEXTEND_TIMEOUT_USEC=7"),
	                 "EXTEND_TIMEOUT_USEC=3");
	ck_assert_uint_eq(guest.limits.extend_left_usec, 3600 * SECOND - 3);
	ck_assert_str_eq(told("EXIT_STATUS=1\nEXIT_STATUS=2\nX_SYSTEMD_SHUTDOWN=exit"),
	                 "EXIT_STATUS=1");
	ck_assert_int_eq(guest.step.edges[guest.step.count - 1].number, 1);
}
END_TEST

START_TEST(over_all_of_them_nothing_is_told_and_it_is_counted)
{
	set("max-extend-total", "3");
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=2000000"), "EXTEND_TIMEOUT_USEC=2000000");
	ck_assert_str_eq(told_at("EXTEND_TIMEOUT_USEC=2000000", NOW + 2 * SECOND),
	                 "EXTEND_TIMEOUT_USEC=1000000");
	ck_assert_uint_eq(result.exceeded, 0);
	ck_assert_str_eq(told_at("EXTEND_TIMEOUT_USEC=1\nSTATUS=x", NOW + 3 * SECOND), "STATUS=x");
	ck_assert_uint_eq(result.exceeded, 1);
}
END_TEST

START_TEST(the_shims_own_extensions_are_of_the_same_budget)
{
	set("track", "on");
	set("extend-start", "5");
	set("max-extend-total", "6");
	ck_assert_str_eq(told("X_SYSTEMD_OTHER=1"), "EXTEND_TIMEOUT_USEC=5000000");
	ck_assert_str_eq(told_at("X_SYSTEMD_OTHER=1", NOW + 5 * SECOND),
	                 "EXTEND_TIMEOUT_USEC=1000000");
	ck_assert_str_eq(told_at("X_SYSTEMD_OTHER=1", NOW + 6 * SECOND), "");
	ck_assert_str_eq(told_at("EXTEND_TIMEOUT_USEC=7", NOW + 6 * SECOND), "");
	ck_assert_uint_eq(result.exceeded, 1);
	set("max-extend-total", "6");
	set("max-extend", "1");
	ck_assert_str_eq(told_at("X_SYSTEMD_OTHER=1", NOW + 6 * SECOND),
	                 "EXTEND_TIMEOUT_USEC=1000000");
}
END_TEST

/* --- WATCHDOG=1 */

START_TEST(the_watchdog_is_fed_at_its_pace)
{
	unsigned fed = 0;

	set("watchdog", "on");
	for (uint64_t now = NOW; now < NOW + SECOND; now += 1000) {
		const char *text = told_at("WATCHDOG=1\nSTATUS=x", now);

		fed += strncmp(text, "WATCHDOG=1\n", 11) == 0;
		ck_assert_ptr_nonnull(strstr(text, "STATUS=x"));
		ck_assert_uint_eq(result.exceeded, 0);
	}
	ck_assert_uint_eq(fed, 20);
}
END_TEST

START_TEST(behind_the_longest_status_it_is_fed_too)
{
	char text[4097];

	set("watchdog", "on");
	memset(text, 'x', sizeof(text));
	memcpy(text, "STATUS=", 7);
	strcpy(text + sizeof(text) - 12, "\nWATCHDOG=1");
	/* libcheck's own words for the difference of two such strings are too long for it */
	ck_assert_msg(strcmp(told(text), text) == 0, "%zu bytes", result.length);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message_limits");
	TCase *tcase = harness_case(suite, "state");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, ready_that_comes_again_is_no_change_of_state);
	tcase_add_test(tcase, a_guest_that_flaps_is_told_of_ten_times);
	tcase_add_test(tcase, in_one_message_too);
	tcase_add_test(tcase, reloading_does_not_last_however_often_it_was_said);
	tcase_add_test(tcase, reboots_without_end_are_told_of_ten_times_as_a_reload);
	tcase_add_test(tcase, the_vmms_reboots_are_counted_with_the_guests);
	tcase_add_test(tcase, a_guest_that_ends_without_end_is_progress_in_the_end);
	tcase_add_loop_test(tcase, no_message_is_a_change_of_state_for_ever, 0, 4);
	tcase = harness_case(suite, "extend");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, an_extension_is_cut_to_what_is_granted);
	tcase_add_test(tcase, what_is_said_twice_in_a_message_has_no_second_effect);
	tcase_add_test(tcase, over_all_of_them_nothing_is_told_and_it_is_counted);
	tcase_add_test(tcase, the_shims_own_extensions_are_of_the_same_budget);
	tcase = harness_case(suite, "watchdog");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_watchdog_is_fed_at_its_pace);
	tcase_add_test(tcase, behind_the_longest_status_it_is_fed_too);
	return harness_run(suite);
}
