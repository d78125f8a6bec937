/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/notify: events with a text, and their order: a message's fields, its status, what follows for
 * the guest's state.
 */
#include <stdbool.h>

#include "notify_told.h"

/* Events are "what(text) " each; a field that was refused is "field!", one that its own event tells too "field+". */
static const char *name_of(const struct vsn_event *event)
{
	static const char *const names[] = {
		[VSN_EVENT_GUEST_BOOTING] = "booting",
		[VSN_EVENT_GUEST_READY] = "ready",
		[VSN_EVENT_GUEST_EMERGENCY] = "emergency",
		[VSN_EVENT_GUEST_EXIT] = "exit",
		[VSN_EVENT_GUEST_STOPPING] = "stopping",
		[VSN_EVENT_GUEST_FIELD] = "field",
		[VSN_EVENT_GUEST_STATUS] = "status",
		[VSN_EVENT_GUEST_WAITING] = "waiting",
		[VSN_EVENT_GUEST_RECOVERED] = "recovered",
		[VSN_EVENT_GUEST_UNIT_ACTIVE] = "active",
		[VSN_EVENT_GUEST_UNIT_INACTIVE] = "inactive",
		[VSN_EVENT_GUEST_HOSTNAME] = "hostname",
	};

	ck_assert_uint_lt(event->type, sizeof(names) / sizeof(names[0]));
	ck_assert_ptr_nonnull(names[event->type]);
	if (event->type != VSN_EVENT_GUEST_FIELD) {
		ck_assert_uint_eq(event->flags, 0);
		return names[event->type];
	}
	ck_assert_int_eq(!!(event->flags & VSN_FIELD_SYSTEMD),
	                 strncmp(event->text, "X_SYSTEMD_", 10) == 0);
	if (event->number)
		return "field!";
	return event->flags & VSN_FIELD_TOLD ? "field+" : "field";
}

static bool has_text(uint32_t type)
{
	return (type >= VSN_EVENT_GUEST_STOPPING && type <= VSN_EVENT_GUEST_STATUS) ||
	       (type >= VSN_EVENT_GUEST_UNIT_ACTIVE && type <= VSN_EVENT_GUEST_HOSTNAME);
}

static void fake_event(const struct vsn_host *one, const struct vsn_event *event)
{
	(void)one;
	ck_assert_uint_eq(event->struct_size, sizeof(*event));
	ck_assert_uint_eq(event->now_usec, message_usec);
	ck_assert_int_eq(event->text != NULL, has_text(event->type));
	ck_assert_uint_eq(event->length, event->text ? strlen(event->text) : 0);
	if (event->type == VSN_EVENT_GUEST_EXIT)
		note("exit(%d) ", (int)event->number);
	else
		note("%s(%s) ", name_of(event), event->text ? event->text : "");
}

static void setup(void)
{
	host.event = fake_event;
	step_usec = 1000000;
	plugin_setup();
	/* A life that has begun. */
	ck_assert_str_eq(says("X_A=1"), "booting() field!(X_A=1) ");
}

START_TEST(fields_status_and_state_come_in_this_order)
{
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_ACTIVE=basic.target"),
	                 "field+(X_SYSTEMD_UNIT_ACTIVE=basic.target) active(basic.target) ");
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_INACTIVE=a.target"),
	                 "field+(X_SYSTEMD_UNIT_INACTIVE=a.target) inactive(a.target) ");
	ck_assert_str_eq(says("READY=1\nSTATUS=Ready."),
	                 "field(READY=1) field(STATUS=Ready.) status(Ready.) ready() ");
	ck_assert_str_eq(says("STATUS=x\nX_A=1\nSTATUS=y"),
	                 "field(STATUS=x) field!(X_A=1) field(STATUS=y) status(x) ");
	ck_assert_str_eq(says("EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff"),
	                 "field(EXIT_STATUS=42) field(X_SYSTEMD_SHUTDOWN=poweroff) "
	                 "stopping(poweroff) exit(42) ");
}
END_TEST

START_TEST(a_field_is_as_it_was_sent_and_refused_or_not)
{
	ck_assert_str_eq(says("MAINPID=1"), "field!(MAINPID=1) ");
	ck_assert_str_eq(says("STATUS="), "field(STATUS=) status() ");
	ck_assert_str_eq(says("STATUS=a=b\x1b"), "field(STATUS=a=b\x1b) status(a=b?) ");
	ck_assert_str_eq(says("EXIT_STATUS=3"), "field!(EXIT_STATUS=3) ");
	ck_assert_str_eq(says("no assignment\n=x\n\nMAINPID=2\n"), "field!(MAINPID=2) ");
	ck_assert_int_eq(plugin->config(user, "allow", "X_A"), 0);
	ck_assert_str_eq(says("X_A=1"), "field(X_A=1) ");
	ck_assert_int_eq(plugin->config(user, "deny", "STATUS"), 0);
	ck_assert_str_eq(says("STATUS=x"), "field!(STATUS=x) ");
}
END_TEST

/* A NUL would end a text before its length does: such a message is none. */
START_TEST(no_text_has_a_nul_in_it)
{
	ck_assert_str_eq(says_bytes("STATUS=a\0b", 10), "");
	ck_assert_str_eq(says_bytes("STATUS=a\0", 9), "field(STATUS=a) status(a) ");
}
END_TEST

START_TEST(a_new_life_is_told_before_its_fields_and_once)
{
	says("X_SYSTEMD_HOSTNAME=a");
	says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot");
	ck_assert_str_eq(says("STATUS=late"), "field(STATUS=late) status(late) ");
	ck_assert_str_eq(says("X_SYSTEMD_HOSTNAME=a\nX_SYSTEMD_MACHINE_ID=0"),
	                 "booting() field(X_SYSTEMD_HOSTNAME=a) hostname(a) "
	                 "field(X_SYSTEMD_MACHINE_ID=0) ");
	ck_assert_str_eq(says("X_SYSTEMD_SIGNALS_LEVEL=2"), "field(X_SYSTEMD_SIGNALS_LEVEL=2) ");
}
END_TEST

START_TEST(a_reboot_that_the_vmm_tells_of_is_one)
{
	ck_assert_int_eq(plugin->config(user, "track", "on"), 0);
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	says("READY=1");
	ck_assert_str_eq(says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot"),
	                 "field(EXIT_STATUS=0) field(X_SYSTEMD_SHUTDOWN=reboot) "
	                 "status(guest is rebooting) stopping(reboot) ");
	ck_assert_str_eq(happens(VSN_EVENT_VM_REBOOTED), "booting() status(guest is rebooting) ");
	ck_assert_str_eq(says("X_SYSTEMD_HOSTNAME=a"), "field(X_SYSTEMD_HOSTNAME=a) hostname(a) ");
}
END_TEST

START_TEST(the_way_down_is_told_as_far_as_it_is_known)
{
	ck_assert_int_eq(plugin->config(user, "track", "on"), 0);
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	says("READY=1");
	says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff");
	ck_assert_ptr_nonnull(strstr(told, "stopping(poweroff) exit(0) "));
	ck_assert_ptr_null(strstr(told, "stopping() "));
	ck_assert_str_eq(says("X_SYSTEMD_SHUTDOWN=kexec"),
	                 "field(X_SYSTEMD_SHUTDOWN=kexec) status(guest is rebooting) ");
}
END_TEST

/* An older guest's own STOPPING=1 says no way. */
START_TEST(an_older_guest_stops)
{
	ck_assert_str_eq(says("READY=1"), "field(READY=1) ready() ");
	ck_assert_str_eq(says("STOPPING=1\nSTATUS=bye"),
	                 "field(STOPPING=1) field(STATUS=bye) status(bye) stopping() ");
}
END_TEST

START_TEST(emergency_is_told_with_the_status_that_is_told)
{
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_ACTIVE=emergency.target"),
	                 "field+(X_SYSTEMD_UNIT_ACTIVE=emergency.target) active(emergency.target) "
	                 "status(Guest is in emergency mode, not ready.) emergency() ");
}
END_TEST

START_TEST(the_end_of_an_emergency_is_told_with_what_replaces_its_status)
{
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	says("READY=1");
	says("X_SYSTEMD_UNIT_ACTIVE=rescue.target");
	ck_assert_str_eq(
		says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target"),
		"field+(X_SYSTEMD_UNIT_ACTIVE=multi-user.target) active(multi-user.target) "
		"status(Guest has left emergency mode.) recovered() ready() ");
}
END_TEST

/* The status is of the new life, so it comes after the beginning. */
START_TEST(a_soft_reboot_and_its_status)
{
	ck_assert_int_eq(plugin->config(user, "track", "on"), 0);
	ck_assert_str_eq(
		says("X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target"),
		"field+(X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target) active(soft-reboot.target) "
		"booting() status(guest is rebooting (soft-reboot)) ");
}
END_TEST

/* It is in the message that shows it, so it is told before the fields. */
START_TEST(a_reboot_that_was_not_announced)
{
	ck_assert_int_eq(plugin->config(user, "track", "on"), 0);
	says("X_SYSTEMD_MACHINE_ID=0");
	ck_assert_str_eq(says("X_SYSTEMD_MACHINE_ID=0"),
	                 "booting() field(X_SYSTEMD_MACHINE_ID=0) status(guest is rebooting) ");
}
END_TEST

START_TEST(what_the_time_brings_is_told_too)
{
	says("X_SYSTEMD_SIGNALS_LEVEL=2");
	ck_assert_str_eq(says("READY=1"), "field(READY=1) ");
	told[0] = '\0';
	message_usec = timer_usec;
	plugin->timer(user, timer_usec);
	ck_assert_str_eq(told, "ready() ");
}
END_TEST

/* The status is as the service manager is told it. */
START_TEST(a_status_has_the_users_prefix)
{
	ck_assert_int_eq(plugin->config(user, "status-prefix", "VM a: "), 0);
	ck_assert_str_eq(says("STATUS=x"), "field(STATUS=x) status(VM a: x) ");
	ck_assert_str_eq(happens(VSN_EVENT_VM_PAUSED), "status(VM a: VM paused.) ");
}
END_TEST

/* As long as a message can be, in one field. */
START_TEST(the_longest_field_is_told_whole)
{
	static char text[4096 + 1];

	memset(text, 'x', 4096);
	memcpy(text, "X_A=", 4);
	says_bytes(text, 4096);
	ck_assert_uint_eq(strlen(told), strlen("field!() ") + 4096);
	memcpy(text, "STATUS=", 7);
	says_bytes(text, 4096);
	ck_assert_ptr_nonnull(strstr(told, ") status(xxx"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("notify_events_text");
	TCase *tcase = harness_case(suite, "events");

	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, fields_status_and_state_come_in_this_order);
	tcase_add_test(tcase, a_field_is_as_it_was_sent_and_refused_or_not);
	tcase_add_test(tcase, no_text_has_a_nul_in_it);
	tcase_add_test(tcase, a_new_life_is_told_before_its_fields_and_once);
	tcase_add_test(tcase, a_reboot_that_the_vmm_tells_of_is_one);
	tcase_add_test(tcase, the_way_down_is_told_as_far_as_it_is_known);
	tcase_add_test(tcase, an_older_guest_stops);
	tcase_add_test(tcase, emergency_is_told_with_the_status_that_is_told);
	tcase_add_test(tcase, the_end_of_an_emergency_is_told_with_what_replaces_its_status);
	tcase_add_test(tcase, a_soft_reboot_and_its_status);
	tcase_add_test(tcase, a_reboot_that_was_not_announced);
	tcase_add_test(tcase, what_the_time_brings_is_told_too);
	tcase_add_test(tcase, a_status_has_the_users_prefix);
	tcase_add_test(tcase, the_longest_field_is_told_whole);
	return harness_run(suite);
}
