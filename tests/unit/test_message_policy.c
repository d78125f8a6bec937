/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/message with what the user allows and denies: fields that pass on request, the
 * rules that go with them, and what is kept back of the shim's own. How often: test_translate_limits.c.
 */
#include "plugins/notify/message.h"

#include "guest_fixture.h"

#define NOW       (500 * SECOND)
#define RELOADING "RELOADING=1\nMONOTONIC_USEC=500000000"

static void setup(void)
{
	guest_init(&guest);
}

static const char *told(const char *text)
{
	return told_at(text, NOW);
}

/* The names of a message's fields that are refused, each followed by a space. */
static void note_refused(void *user, const struct field *field, bool refused)
{
	char *names = user;

	if (refused)
		sprintf(names + strlen(names), "%.*s ", (int)field->name_length, field->name);
}

static const char *refused_of(const char *text)
{
	static char names[256];

	names[0] = '\0';
	message_translate(&guest, text, strlen(text), NOW, &result, note_refused, names);
	return names;
}

/* --- STOPPING */

START_TEST(a_guest_that_announces_nothing_may_say_that_it_stops)
{
	ck_assert_str_eq(told("STOPPING=1\nSTATUS=bye"), "STOPPING=1\nSTATUS=bye");
	ck_assert(result.state);
	ck_assert_str_eq(told("STOPPING=1"), "STOPPING=1");
	ck_assert_msg(!result.state, "said again it is no change");
	ck_assert_str_eq(refused_of("STOPPING=1"), "");
}
END_TEST

/* Of a guest with systemd 256 or later it is some program's: PID 1 says X_SYSTEMD_SHUTDOWN. */
START_TEST(of_a_guest_that_announces_its_units_it_is_refused)
{
	told("X_SYSTEMD_HOSTNAME=h");
	ck_assert_str_eq(told("STOPPING=1\nSTATUS=bye"), "STATUS=bye");
	ck_assert(!result.state);
	ck_assert_str_eq(refused_of("STOPPING=1\nSTATUS=bye"), "STOPPING ");
	ck_assert_int_eq(guest.limits.state, LIMITS_STARTING);
}
END_TEST

START_TEST(so_it_is_beside_an_announcement_in_the_same_message)
{
	ck_assert_str_eq(refused_of("STOPPING=1\nX_SYSTEMD_HOSTNAME=h"), "STOPPING ");
	ck_assert_str_eq(refused_of("STOPPING=1\nX_SYSTEMD_SHUTDOWN=poweroff"), "STOPPING ");
	told("X_SYSTEMD_HOSTNAME=h");
	ck_assert_str_eq(refused_of("X_SYSTEMD_SHUTDOWN=reboot\nSTOPPING=1"), "STOPPING ");
}
END_TEST

START_TEST(allowed_by_name_it_is_refused_all_the_same)
{
	set("allow", "STOPPING");
	told("X_SYSTEMD_HOSTNAME=h");
	ck_assert_str_eq(told("STOPPING=1"), "");
}
END_TEST

/* --- RELOADING */

START_TEST(reloading_is_refused_by_default)
{
	told("READY=1");
	ck_assert_str_eq(told("RELOADING=1\nMONOTONIC_USEC=7"), "");
	ck_assert_str_eq(refused_of("RELOADING=1\nMONOTONIC_USEC=7"), "RELOADING MONOTONIC_USEC ");
}
END_TEST

START_TEST(allowed_it_goes_with_the_hosts_clock_and_never_the_guests)
{
	set("allow", "RELOADING");
	told("READY=1");
	ck_assert_str_eq(told("RELOADING=1\nMONOTONIC_USEC=7"), RELOADING);
	ck_assert(result.state);
	ck_assert_str_eq(told("READY=1"), "READY=1");
	ck_assert(result.state);
	ck_assert_str_eq(told("MONOTONIC_USEC=7\nRELOADING=1\nSTATUS=x"), RELOADING "\nSTATUS=x");
	ck_assert_str_eq(told("READY=1"), "READY=1");
	ck_assert_str_eq(refused_of("RELOADING=1\nMONOTONIC_USEC=7"), "MONOTONIC_USEC ");
}
END_TEST

START_TEST(only_what_is_ready_reloads)
{
	set("allow", "RELOADING");
	ck_assert_str_eq(told("RELOADING=1"), "");
	ck_assert_str_eq(refused_of("RELOADING=1"), "RELOADING ");
	told("READY=1");
	ck_assert_str_eq(told("RELOADING=1"), RELOADING);
	ck_assert_str_eq(told("RELOADING=1"), "");
	told("READY=1");
	told("STOPPING=1");
	ck_assert_str_eq(told("RELOADING=1"), "");
	ck_assert_int_eq(guest.limits.state, POLICY_STOPPING);
}
END_TEST

START_TEST(a_reboot_told_as_a_reload_is_told_once)
{
	set("allow", "RELOADING");
	set("track", "on");
	set("reboot", "reloading");
	told("READY=1");
	ck_assert_str_eq(told("RELOADING=1\nX_SYSTEMD_SHUTDOWN=reboot"),
	                 RELOADING "\nSTATUS=guest is rebooting");
}
END_TEST

/* --- WATCHDOG */

START_TEST(the_watchdog_passes_only_where_it_is_on)
{
	ck_assert_str_eq(told("WATCHDOG=1"), "");
	ck_assert_str_eq(refused_of("WATCHDOG=1"), "WATCHDOG ");
	set("watchdog", "on");
	ck_assert_str_eq(told("WATCHDOG=1"), "WATCHDOG=1");
	ck_assert(!result.state);
	set("watchdog", "off");
	ck_assert_str_eq(told_at("WATCHDOG=1", NOW + SECOND), "");
}
END_TEST

START_TEST(nothing_lets_the_guest_trigger_it)
{
	set("watchdog", "on");
	set("allow", "WATCHDOG,X_*");
	ck_assert_str_eq(refused_of("WATCHDOG=trigger\nWATCHDOG_USEC=1"),
	                 "WATCHDOG WATCHDOG_USEC ");
	ck_assert_str_eq(told("WATCHDOG=trigger\nWATCHDOG_USEC=1\nWATCHDOG=0\nWATCHDOG=1"),
	                 "WATCHDOG=1");
}
END_TEST

START_TEST(a_message_feeds_the_watchdog_once)
{
	set("watchdog", "on");
	ck_assert_str_eq(told("WATCHDOG=1\nSTATUS=a\nWATCHDOG=1"), "WATCHDOG=1\nSTATUS=a");
}
END_TEST

/* --- the rest of what can be allowed */

START_TEST(errors_pass_where_they_are_allowed_and_are_progress)
{
	static const char text[] = "ERRNO=2\nBUSERROR=a.b\nVARLINKERROR=c.d\nERRNO=3";

	ck_assert_str_eq(told(text), "");
	set("allow", "ERRNO,BUSERROR,VARLINKERROR");
	ck_assert_str_eq(told(text), "ERRNO=2\nBUSERROR=a.b\nVARLINKERROR=c.d");
	ck_assert(!result.state);
}
END_TEST

START_TEST(extensions_pass_each_where_they_are_allowed)
{
	set("allow", "X_A,X_SYSTEMD_*");
	ck_assert_str_eq(told("X_A=1\nX_B=2\nX_A=\x1b\nX_SYSTEMD_HOSTNAME=h"),
	                 "X_A=1\nX_A=?\nX_SYSTEMD_HOSTNAME=h");
	ck_assert_str_eq(refused_of("X_A=1\nX_B=2\nX_SYSTEMD_A=1"), "X_B ");
}
END_TEST

START_TEST(a_name_that_is_none_is_refused_however_much_is_allowed)
{
	set("allow", "X_*");
	ck_assert_str_eq(told("X_\x1b[2J=1\nX_A=1"), "X_A=1");
	ck_assert_str_eq(refused_of("X_\xff=1\nX_A=1"), "X_\xff ");
}
END_TEST

/* --- deny: none of it, of the guest or of the shim's own */

START_TEST(denied_readiness_is_not_told_but_known)
{
	set("deny", "READY");
	ck_assert_str_eq(told("READY=1\nSTATUS=Ready."), "STATUS=Ready.");
	ck_assert_msg(!result.state, "what is not told is no change");
	ck_assert(guest.step.ready);
	ck_assert_int_eq(guest.limits.state, LIMITS_STARTING);
	guest.life = (struct life){.phase = LIFE_BOOTING, .announces = true};
	told("READY=1");
	message_time(&guest, NOW + LIFE_HOLD_USEC, &result);
	ck_assert_uint_eq(result.length, 0);
	ck_assert(guest.step.ready);
	ck_assert_str_eq(told_of(VSN_EVENT_VM_RESTORED, 0, NOW), "STATUS=VM restored.");
	ck_assert(!result.state);
}
END_TEST

START_TEST(denied_status_is_nobodys)
{
	set("deny", "STATUS");
	set("track", "on");
	ck_assert_str_eq(told("READY=1\nSTATUS=Ready."), "READY=1");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=emergency.target"), "");
	ck_assert(guest.step.degraded);
	ck_assert_str_eq(told("X_SYSTEMD_SHUTDOWN=reboot"), "");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"), "");
	ck_assert_str_eq(told_of(VSN_EVENT_VM_REBOOTED, 0, NOW), "");
	ck_assert_str_eq(told_of(VSN_EVENT_VM_PAUSED, 0, NOW), "");
}
END_TEST

START_TEST(denied_stopping_is_nobodys_and_is_counted_as_nothing)
{
	set("deny", "STOPPING");
	set("track", "on");
	ck_assert_str_eq(refused_of("STOPPING=1"), "STOPPING ");
	for (int i = 0; i < 2 * LIMITS_TRANSITIONS; i++) {
		told("READY=1");
		ck_assert_str_eq(told("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff"),
		                 "EXIT_STATUS=0\nSTATUS=guest is shutting down: poweroff");
		ck_assert_uint_eq(result.exceeded, 0);
	}
}
END_TEST

START_TEST(denied_reloading_and_extensions_of_time_are_nobodys)
{
	set("deny", "RELOADING,EXTEND_TIMEOUT_USEC");
	set("track", "on");
	set("reboot", "reloading");
	set("extend-start", "5");
	ck_assert_str_eq(told("X_SYSTEMD_HOSTNAME=h\nEXTEND_TIMEOUT_USEC=1"), "");
	told("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	told("READY=1");
	ck_assert_str_eq(told("X_SYSTEMD_SHUTDOWN=reboot"), "STATUS=guest is rebooting");
	ck_assert_uint_eq(result.exceeded, 0);
	ck_assert_msg(!result.state, "what is not told is no change");
	ck_assert_uint_eq(guest.limits.extend_left_usec, 3600 * SECOND);
}
END_TEST

START_TEST(a_denied_barrier_is_refused)
{
	set("deny", "BARRIER");
	ck_assert_str_eq(refused_of("BARRIER=1"), "BARRIER ");
	ck_assert(!result.barrier);
}
END_TEST

/* --- the style, of whoever's status */

START_TEST(each_status_has_the_prefix)
{
	set("status-prefix", "VM: ");
	set("track", "on");
	ck_assert_str_eq(told("STATUS=x"), "STATUS=VM: x");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=rescue.target"),
	                 "STATUS=VM: " MESSAGE_EMERGENCY);
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"),
	                 "STATUS=VM: booting: reached sysinit.target");
	ck_assert_str_eq(told_of(VSN_EVENT_VM_PAUSED, 0, NOW), "STATUS=VM: VM paused.");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message_policy");
	TCase *tcase = harness_case(suite, "allow");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, a_guest_that_announces_nothing_may_say_that_it_stops);
	tcase_add_test(tcase, of_a_guest_that_announces_its_units_it_is_refused);
	tcase_add_test(tcase, so_it_is_beside_an_announcement_in_the_same_message);
	tcase_add_test(tcase, allowed_by_name_it_is_refused_all_the_same);
	tcase_add_test(tcase, reloading_is_refused_by_default);
	tcase_add_test(tcase, allowed_it_goes_with_the_hosts_clock_and_never_the_guests);
	tcase_add_test(tcase, only_what_is_ready_reloads);
	tcase_add_test(tcase, a_reboot_told_as_a_reload_is_told_once);
	tcase_add_test(tcase, the_watchdog_passes_only_where_it_is_on);
	tcase_add_test(tcase, nothing_lets_the_guest_trigger_it);
	tcase_add_test(tcase, a_message_feeds_the_watchdog_once);
	tcase_add_test(tcase, errors_pass_where_they_are_allowed_and_are_progress);
	tcase_add_test(tcase, extensions_pass_each_where_they_are_allowed);
	tcase_add_test(tcase, a_name_that_is_none_is_refused_however_much_is_allowed);
	tcase = harness_case(suite, "deny");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, denied_readiness_is_not_told_but_known);
	tcase_add_test(tcase, denied_status_is_nobodys);
	tcase_add_test(tcase, denied_stopping_is_nobodys_and_is_counted_as_nothing);
	tcase_add_test(tcase, denied_reloading_and_extensions_of_time_are_nobodys);
	tcase_add_test(tcase, a_denied_barrier_is_refused);
	tcase_add_test(tcase, each_status_has_the_prefix);
	return harness_run(suite);
}
