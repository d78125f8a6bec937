/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/progress: what the service manager is told of the guest's life, with track=on. */
#include "plugins/notify/progress.h"

#include "guest_fixture.h"

#define NOW 77

static void setup(void)
{
	guest_init(&guest);
	set("track", "on");
}

static const char *told(const char *text)
{
	return told_at(text, NOW);
}

/* The exit status that other plugins are told; -1: none. */
static int exit_event(void)
{
	for (unsigned i = 0; i < guest.step.count; i++)
		if (guest.step.edges[i].type == VSN_EVENT_GUEST_EXIT)
			return guest.step.edges[i].number;
	return -1;
}

static void boot(void)
{
	told("X_SYSTEMD_UNIT_ACTIVE=basic.target");
	ck_assert_str_eq(told("READY=1\nSTATUS=Ready."), "READY=1\nSTATUS=Ready.");
}

START_TEST(boot_progress_is_the_status_until_the_guest_is_ready)
{
	ck_assert_str_eq(told("X_SYSTEMD_HOSTNAME=h"), "");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"),
	                 "STATUS=booting: reached sysinit.target");
	ck_assert(!result.state);
	boot();
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=multi-user.target"), "");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_INACTIVE=multi-user.target"), "");
}
END_TEST

START_TEST(a_units_name_is_made_fit_to_be_shown)
{
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=a\x1b[2J\\"),
	                 "STATUS=booting: reached a?[2J?");
}
END_TEST

START_TEST(an_emergency_is_no_progress)
{
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=emergency.target"),
	                 "STATUS=" MESSAGE_EMERGENCY);
}
END_TEST

START_TEST(each_sign_of_life_extends_the_start_where_asked_for)
{
	guest.progress.extend_usec = 5;
	ck_assert_str_eq(told("X_SYSTEMD_HOSTNAME=h"), "EXTEND_TIMEOUT_USEC=5");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=a.target"),
	                 "STATUS=booting: reached a.target\nEXTEND_TIMEOUT_USEC=5");
	ck_assert_str_eq(told("STATUS=s"), "STATUS=s\nEXTEND_TIMEOUT_USEC=5");
	boot();
	ck_assert_str_eq(told("STATUS=s"), "STATUS=s");
}
END_TEST

START_TEST(a_guests_own_extension_is_not_doubled)
{
	guest.progress.extend_usec = 5;
	ck_assert_str_eq(told("EXTEND_TIMEOUT_USEC=3"), "EXTEND_TIMEOUT_USEC=3");
	ck_assert_msg(guest.limits.extend_left_usec == 3600 * SECOND - 3, "nor paid for twice");
}
END_TEST

START_TEST(time_alone_is_no_sign_of_life)
{
	guest.progress.extend_usec = 5;
	message_time(&guest, NOW, &result);
	ck_assert_uint_eq(result.length, 0);
}
END_TEST

static const char *const ends[] = {"poweroff", "halt", "exit"};

START_TEST(a_power_off_stops_the_unit_and_says_how)
{
	char message[128], expected[128];

	boot();
	snprintf(message, sizeof(message), "EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=%s", ends[_i]);
	snprintf(expected, sizeof(expected),
	         "EXIT_STATUS=42\nSTOPPING=1\nSTATUS=guest is shutting down: %s", ends[_i]);
	ck_assert_str_eq(told(message), expected);
	ck_assert(result.state);
	ck_assert_int_eq(exit_event(), 42);
}
END_TEST

static const char *const reboots[] = {"reboot", "kexec"};

START_TEST(a_reboot_does_not_and_its_exit_status_is_nobodys)
{
	char message[128];

	boot();
	snprintf(message, sizeof(message), "EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=%s", reboots[_i]);
	ck_assert_str_eq(told(message), "STATUS=guest is rebooting");
	ck_assert_int_eq(exit_event(), -1);
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"),
	                 "STATUS=booting: reached sysinit.target");
	boot();
}
END_TEST

START_TEST(a_reboot_is_a_reload_where_asked_for_by_the_hosts_clock)
{
	set("reboot", "reloading");
	boot();
	ck_assert_str_eq(told("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot"),
	                 "RELOADING=1\nMONOTONIC_USEC=77\nSTATUS=guest is rebooting");
	ck_assert(result.state);
	/* The VMM says it again. */
	ck_assert_str_eq(told_of(VSN_EVENT_VM_REBOOTED, 0, NOW), "STATUS=guest is rebooting");
	boot();
}
END_TEST

START_TEST(what_is_not_ready_does_not_reload)
{
	set("reboot", "reloading");
	ck_assert_str_eq(told("X_SYSTEMD_SHUTDOWN=reboot"), "STATUS=guest is rebooting");
}
END_TEST

START_TEST(a_soft_reboot_starts_over_too)
{
	set("reboot", "reloading");
	boot();
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target"),
	                 "RELOADING=1\nMONOTONIC_USEC=77\nSTATUS=guest is rebooting (soft-reboot)");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"),
	                 "STATUS=booting: reached sysinit.target");
}
END_TEST

START_TEST(a_restored_guest_goes_on_and_does_not_boot)
{
	ck_assert_str_eq(told_of(VSN_EVENT_VM_RESTORED, 0, NOW), "READY=1\nSTATUS=VM restored.");
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=a.target"), "");
	ck_assert_str_eq(told_of(VSN_EVENT_VM_PAUSED, 0, NOW), "STATUS=VM paused.");
	ck_assert(!result.state);
}
END_TEST

START_TEST(nothing_is_added_where_it_is_off)
{
	guest.progress = (struct progress){.reboot_is_reload = true, .extend_usec = 5};
	ck_assert_str_eq(told("X_SYSTEMD_UNIT_ACTIVE=sysinit.target"), "");
	ck_assert_str_eq(told("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot"), "EXIT_STATUS=0");
	ck_assert_int_eq(exit_event(), -1);
	ck_assert_str_eq(told("EXIT_STATUS=1\nX_SYSTEMD_SHUTDOWN=poweroff"), "EXIT_STATUS=1");
	ck_assert_str_eq(told_of(VSN_EVENT_VM_REBOOTED, 0, NOW), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("progress");
	TCase *tcase = harness_case(suite, "track");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, boot_progress_is_the_status_until_the_guest_is_ready);
	tcase_add_test(tcase, a_units_name_is_made_fit_to_be_shown);
	tcase_add_test(tcase, an_emergency_is_no_progress);
	tcase_add_test(tcase, each_sign_of_life_extends_the_start_where_asked_for);
	tcase_add_test(tcase, a_guests_own_extension_is_not_doubled);
	tcase_add_test(tcase, time_alone_is_no_sign_of_life);
	tcase_add_loop_test(tcase, a_power_off_stops_the_unit_and_says_how, 0, 3);
	tcase_add_loop_test(tcase, a_reboot_does_not_and_its_exit_status_is_nobodys, 0, 2);
	tcase_add_test(tcase, a_reboot_is_a_reload_where_asked_for_by_the_hosts_clock);
	tcase_add_test(tcase, what_is_not_ready_does_not_reload);
	tcase_add_test(tcase, a_soft_reboot_starts_over_too);
	tcase_add_test(tcase, a_restored_guest_goes_on_and_does_not_boot);
	tcase_add_test(tcase, nothing_is_added_where_it_is_off);
	return harness_run(suite);
}
