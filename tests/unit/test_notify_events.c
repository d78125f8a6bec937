/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/notify: what it finds out for other plugins, and what it does with events. */
#include <errno.h>

#include "notify_told.h"

/*
 * What the plugin told its host, in order: "state(TEXT)", "progress(TEXT)", and events as "booting(0)", "exit(42)" ...
 * Those with a text are test_notify_events_text.c's.
 */
static int fake_send(const struct vsn_host *one, int send_class, const char *text, size_t length)
{
	(void)one;
	note("%s(%.*s)", send_class == VSN_SEND_STATE ? "state" : "progress", (int)length, text);
	return 0;
}

static void fake_event(const struct vsn_host *one, const struct vsn_event *event)
{
	static const char *const names[] = {
		[VSN_EVENT_GUEST_BOOTING] = "booting",
		[VSN_EVENT_GUEST_READY] = "ready",
		[VSN_EVENT_GUEST_EMERGENCY] = "emergency",
		[VSN_EVENT_GUEST_EXIT] = "exit",
		[VSN_EVENT_GUEST_WAITING] = "waiting",
		[VSN_EVENT_GUEST_RECOVERED] = "recovered",
	};

	(void)one;
	ck_assert_uint_eq(event->struct_size, sizeof(*event));
	if (event->text)
		return;
	ck_assert_uint_lt(event->type, sizeof(names) / sizeof(names[0]));
	note("%s(%lld)", names[event->type], (long long)event->number);
}

static void setup(void)
{
	host.send = fake_send;
	host.event = fake_event;
	plugin_setup();
}

START_TEST(readiness_emergency_and_exit_are_found_out)
{
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_ACTIVE=basic.target"), "booting(0)");
	ck_assert_ptr_nonnull(strstr(says("READY=1"), "ready(0)"));
	ck_assert_ptr_null(strstr(says("READY=1"), "ready(0)"));
	ck_assert_ptr_nonnull(strstr(says("X_SYSTEMD_UNIT_ACTIVE=rescue.target"), "emergency(0)"));
	ck_assert_ptr_nonnull(
		strstr(says("EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff"), "exit(42)"));
	ck_assert_str_eq(says("STATUS=x"), "progress(STATUS=x)");
}
END_TEST

START_TEST(the_exit_status_of_a_program_is_no_event)
{
	says("STATUS=x");
	ck_assert_str_eq(says("EXIT_STATUS=42"), "");
	ck_assert_str_eq(says("X_SYSTEMD_SHUTDOWN=poweroff"), "");
	ck_assert_str_eq(says("EXIT_STATUS=256\nX_SYSTEMD_SHUTDOWN=poweroff"), "");
}
END_TEST

START_TEST(readiness_by_time_is_an_event)
{
	says("X_SYSTEMD_SIGNALS_LEVEL=2");
	says("READY=1");
	ck_assert_uint_eq(timer_usec, 1001000);
	told[0] = '\0';
	plugin->timer(user, timer_usec);
	ck_assert_ptr_nonnull(strstr(told, "ready(0)"));
}
END_TEST

START_TEST(readiness_that_is_inferred_is_an_event_that_says_so)
{
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	ck_assert_str_eq(happens(VSN_EVENT_GUEST_LOST), "");
	says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target");
	ck_assert_uint_eq(timer_usec, message_usec + 2500000);
	told[0] = '\0';
	plugin->timer(user, timer_usec);
	ck_assert_str_eq(told,
	                 "state(READY=1\nSTATUS=Guest is ready: its default target is active, "
	                 "READY=1 was lost.)ready(1)");
	ck_assert_uint_eq(timer_usec, 0);
	/* The real one comes after all. */
	ck_assert_str_eq(says("READY=1\nSTATUS=Ready."), "progress(READY=1\nSTATUS=Ready.)");
}
END_TEST

START_TEST(with_infer_ready_no_it_is_not_inferred)
{
	ck_assert_int_eq(plugin->config(user, "infer-ready", "no"), 0);
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	happens(VSN_EVENT_GUEST_LOST);
	says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target");
	ck_assert_uint_eq(timer_usec, 0);
}
END_TEST

START_TEST(the_first_message_after_a_shutdown_is_the_next_life_and_told_once)
{
	ck_assert_str_eq(says("X_SYSTEMD_HOSTNAME=a"), "booting(0)");
	says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot");
	ck_assert_msg(!strstr(says("STATUS=late"), "booting"), "a program's message is no boot");
	ck_assert_str_eq(says("X_SYSTEMD_HOSTNAME=a"), "booting(0)");
	ck_assert_str_eq(says("X_SYSTEMD_MACHINE_ID=0"), "");
}
END_TEST

START_TEST(a_rebooted_vm_starts_over_without_a_word_of_the_guest)
{
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	ck_assert_str_eq(happens(VSN_EVENT_VM_REBOOTED), "booting(1)");
	ck_assert_str_eq(says("X_SYSTEMD_SIGNALS_LEVEL=2"), "");
	ck_assert_str_eq(says("READY=1"), "");
	ck_assert_uint_ne(timer_usec, 0);
	happens(VSN_EVENT_VM_REBOOTED);
	ck_assert_uint_eq(timer_usec, 0);
}
END_TEST

START_TEST(a_reboot_that_both_tell_of_is_one)
{
	says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot");
	ck_assert_str_eq(happens(VSN_EVENT_VM_REBOOTED), "booting(1)");
	ck_assert_str_eq(says("X_SYSTEMD_HOSTNAME=a"), "");
}
END_TEST

START_TEST(a_restored_vm_is_ready_or_waited_for_as_asked)
{
	ck_assert_str_eq(happens(VSN_EVENT_VM_RESTORED),
	                 "state(READY=1\nSTATUS=VM restored.)ready(0)");
	ck_assert_str_eq(happens(VSN_EVENT_VM_RESTORED), "progress(READY=1\nSTATUS=VM restored.)");
	ck_assert_int_eq(plugin->config(user, "on-restore", "wait"), 0);
	ck_assert_str_eq(happens(VSN_EVENT_VM_RESTORED), "");
	ck_assert_int_eq(plugin->config(user, "on-restore", "ready"), 0);
	ck_assert_str_ne(happens(VSN_EVENT_VM_RESTORED), "");
	ck_assert_int_eq(plugin->config(user, "on-restore", "no"), -EINVAL);
}
END_TEST

/* The review's case: VM 1 is ready and is killed, and VM 2, another process, lands in emergency mode. */
START_TEST(another_process_is_another_guest)
{
	happens_with(VSN_EVENT_VM_PROCESS, 7);
	says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	ck_assert_str_eq(says("READY=1"), "state(READY=1)ready(0)");
	ck_assert_str_eq(happens_with(VSN_EVENT_VM_PROCESS, 8),
	                 "progress(STATUS=Another VM has taken this one's place.)waiting(0)");
	says("X_SYSTEMD_HOSTNAME=b");
	ck_assert_str_eq(says("READY=1"), "");
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_ACTIVE=emergency.target"),
	                 "progress(STATUS=Guest is in emergency mode, not ready.)emergency(0)");
	/* Its readiness is news for the service manager. */
	ck_assert_str_eq(
		says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target"),
		"state(READY=1\nSTATUS=Guest has left emergency mode.)recovered(0)ready(0)");
}
END_TEST

START_TEST(a_vm_that_is_taken_up_is_told_as_it_was)
{
	happens_with(VSN_EVENT_VM_PROCESS, 7);
	ck_assert_str_eq(
		happens_with(VSN_EVENT_VM_TAKEN_UP, VSN_TAKEN_UP_READY),
		"state(READY=1\nSTATUS=VM went on while vsock-notify was restarted.)ready(0)");
	ck_assert_str_eq(happens_with(VSN_EVENT_VM_PROCESS, 7), "");
}
END_TEST

START_TEST(pause_resume_and_panic_are_shown_and_the_unknown_is_ignored)
{
	ck_assert_str_eq(happens(VSN_EVENT_VM_PAUSED), "progress(STATUS=VM paused.)");
	ck_assert_str_eq(happens(VSN_EVENT_VM_RESUMED), "progress(STATUS=VM running again.)");
	ck_assert_str_eq(happens(VSN_EVENT_GUEST_PANIC), "state(STATUS=Guest kernel panicked.)");
	ck_assert_str_eq(happens(0), "");
	ck_assert_str_eq(happens(UINT32_MAX), "");
}
END_TEST

/* The header of its first release had no event: an older shim is a shorter struct. */
START_TEST(an_older_host_is_told_of_no_event)
{
	host.struct_size = offsetof(struct vsn_host, event);
	ck_assert_str_eq(says("READY=1"), "state(READY=1)");
	host.struct_size = sizeof(host);
	host.event = NULL;
	ck_assert_str_eq(says("READY=1"), "progress(READY=1)");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("notify_events");
	TCase *tcase = harness_case(suite, "events");

	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, readiness_emergency_and_exit_are_found_out);
	tcase_add_test(tcase, the_exit_status_of_a_program_is_no_event);
	tcase_add_test(tcase, readiness_by_time_is_an_event);
	tcase_add_test(tcase, readiness_that_is_inferred_is_an_event_that_says_so);
	tcase_add_test(tcase, with_infer_ready_no_it_is_not_inferred);
	tcase_add_test(tcase, the_first_message_after_a_shutdown_is_the_next_life_and_told_once);
	tcase_add_test(tcase, a_rebooted_vm_starts_over_without_a_word_of_the_guest);
	tcase_add_test(tcase, a_reboot_that_both_tell_of_is_one);
	tcase_add_test(tcase, a_restored_vm_is_ready_or_waited_for_as_asked);
	tcase_add_test(tcase, another_process_is_another_guest);
	tcase_add_test(tcase, a_vm_that_is_taken_up_is_told_as_it_was);
	tcase_add_test(tcase, pause_resume_and_panic_are_shown_and_the_unknown_is_ignored);
	tcase_add_test(tcase, an_older_host_is_told_of_no_event);
	return harness_run(suite);
}
