/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/notify by its ABI: settings that it does not take, what is logged of what was not
 * passed on (each once, and all of it at the end), and that a limit is the guest's affair, no failure.
 */
#include "notify_fixture.h"

#define SECOND UINT64_C(1000000)

static const char *configured(const char *key, const char *value, int expected)
{
	int r;

	told[0] = '\0';
	r = plugin->config(user, key, value);
	ck_assert_msg(r == expected, "%s=%s: %d, not %d", key, value, r, expected);
	return told;
}

static const char *stopped(void)
{
	told[0] = '\0';
	plugin->stop(user);
	return told;
}

/* --- settings */

START_TEST(a_field_that_never_passes_is_refused_in_one_line_that_says_why)
{
	ck_assert_str_eq(configured("allow", "MAINPID", -EPERM),
	                 "log3(allow=MAINPID: it would let the guest choose which process of the "
	                 "host is the service's, and killed)");
	ck_assert_str_eq(configured("allow", "X_A,WATCHDOG_USEC,MAINPID", -EPERM),
	                 "log3(allow=X_A,WATCHDOG_USEC,MAINPID: it would let the guest switch off, "
	                 "or trip, the host's WatchdogSec=)");
	ck_assert_str_eq(configured("deny", "NOTHING", -EPERM),
	                 "log3(deny=NOTHING: it is no field of sd_notify(3), nor an extension "
	                 "(X_...))");
	ck_assert_ptr_nonnull(strstr(configured("status-prefix", "a\\", -EPERM), "log3("));
}
END_TEST

START_TEST(what_the_shim_words_itself_is_not_logged)
{
	ck_assert_str_eq(configured("allow", "", -EINVAL), "");
	ck_assert_str_eq(configured("max-status", "1", -EINVAL), "");
	ck_assert_str_eq(configured("frobnicate", "1", -ENOENT), "");
	ck_assert_str_eq(configured("allow", "WATCHDOG", 0), "");
	ck_assert_str_eq(configured("deny", "MAINPID", 0), "");
}
END_TEST

START_TEST(a_value_is_no_format)
{
	ck_assert_ptr_nonnull(strstr(configured("allow", "%s%n%s%d", -EPERM), "allow=%s%n%s%d: "));
}
END_TEST

START_TEST(what_is_set_counts)
{
	configured("allow", "X_A", 0);
	configured("deny", "READY", 0);
	configured("status-prefix", "VM: ", 0);
	configured("max-status", "16", 0);
	configured("watchdog", "on", 0);
	configured("max-extend", "1", 0);
	ck_assert_str_eq(says("X_A=1\nSTATUS=0123456789abcdef\nWATCHDOG=1\n"
	                      "EXTEND_TIMEOUT_USEC=5000000"),
	                 "send(progress, X_A=1\nSTATUS=VM: 0123456789ab\nWATCHDOG=1\n"
	                 "EXTEND_TIMEOUT_USEC=1000000)");
	ck_assert_str_eq(says("READY=1"), "refused(READY=1)");
	ck_assert_ptr_nonnull(strstr(plugin->config_help, "allow=FIELD,..."));
}
END_TEST

/* --- what was not passed on */

START_TEST(where_nothing_was_refused_nothing_is_said_at_the_end)
{
	says("READY=1\nSTATUS=Ready.");
	says("X_SYSTEMD_HOSTNAME=h");
	says("rubbish");
	ck_assert_str_eq(stopped(), "");
}
END_TEST

START_TEST(all_that_was_refused_is_summed_up_by_name)
{
	for (int i = 0; i < 1000; i++) {
		says("MAINPID=1\nFDSTORE=1\nSTATUS=x");
		ck_assert_int_eq(strstr(told, "refused(") != NULL, i == 0);
	}
	says("MAINPID=2\nX_SYSTEMD_HOSTNAME=h");
	ck_assert_str_eq(stopped(), "log6(not passed on in all: MAINPID= 1001 times)"
	                            "log6(not passed on in all: FDSTORE= 1000 times)");
}
END_TEST

START_TEST(of_names_without_end_the_rest_is_one_number)
{
	char text[64];
	const char *at;
	unsigned lines = 0;

	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "NAME%d=1", i);
		says(text);
		ck_assert_int_eq(*told != '\0', i < 32);
	}
	for (at = stopped(); (at = strstr(at, "in all: NAME")); at++)
		lines++;
	ck_assert_uint_eq(lines, 32);
	ck_assert_ptr_nonnull(strstr(told, "log6(not passed on in all: NAME0= 1 times)"));
	ck_assert_ptr_nonnull(strstr(told, "log6(not passed on in all: others 968 times)"));
}
END_TEST

START_TEST(a_guests_bytes_are_no_format)
{
	ck_assert_str_eq(says("%s%n%s=%n%s"), "refused(%s%n%s=%n%s)");
	ck_assert_str_eq(stopped(), "log6(not passed on in all: %s%n%s= 1 times)");
	ck_assert_str_eq(says("X_SYSTEMD_%n=%s%s"), "guest(X_SYSTEMD_%n=%s%s)");
}
END_TEST

START_TEST(what_is_refused_for_its_value_or_its_place_is_counted_too)
{
	says("WATCHDOG=trigger");
	says("BARRIER=1\nSTATUS=x");
	says("EXIT_STATUS=1");
	says("X_SYSTEMD_HOSTNAME=h");
	says("STOPPING=1");
	ck_assert_str_eq(stopped(), "log6(not passed on in all: WATCHDOG= 1 times)"
	                            "log6(not passed on in all: BARRIER= 1 times)"
	                            "log6(not passed on in all: EXIT_STATUS= 1 times)"
	                            "log6(not passed on in all: STOPPING= 1 times)");
}
END_TEST

/* --- limits */

START_TEST(over_a_limit_it_is_said_once_and_summed_up)
{
	static const char warning[] = "log4(the guest changes its state, or extends its timeouts, "
				      "too often: not passed on (said once))";

	says("READY=1");
	for (int i = 0; i < 100; i++) {
		says("STOPPING=1");
		ck_assert_str_eq(told, i < 10 ? "send(state, STOPPING=1)" : i == 10 ? warning : "");
		ck_assert_str_eq(says("READY=1"),
		                 i < 10 ? "send(state, READY=1)" : "send(progress, READY=1)");
	}
	ck_assert_str_eq(stopped(), "log6(over a limit in all: 90 lines)");
}
END_TEST

START_TEST(extensions_of_time_are_held_back_when_they_are_used_up)
{
	configured("max-extend-total", "1", 0);
	ck_assert_str_eq(says("EXTEND_TIMEOUT_USEC=5000000"),
	                 "send(progress, EXTEND_TIMEOUT_USEC=1000000)");
	message_usec += SECOND;
	ck_assert_ptr_nonnull(strstr(says("EXTEND_TIMEOUT_USEC=1"), "log4("));
	ck_assert_str_eq(says("EXTEND_TIMEOUT_USEC=1\nSTATUS=x"), "send(progress, STATUS=x)");
	ck_assert_str_eq(stopped(), "log6(over a limit in all: 2 lines)");
}
END_TEST

START_TEST(the_watchdogs_pace_is_no_offence)
{
	configured("watchdog", "on", 0);
	ck_assert_str_eq(says("WATCHDOG=1"), "send(progress, WATCHDOG=1)");
	ck_assert_str_eq(says("WATCHDOG=1"), "");
	message_usec += SECOND;
	ck_assert_str_eq(says("WATCHDOG=1"), "send(progress, WATCHDOG=1)");
	ck_assert_str_eq(stopped(), "");
}
END_TEST

START_TEST(a_host_that_takes_no_more_is_no_failure)
{
	send_result = -ENOBUFS;
	ck_assert_int_eq(message("STATUS=x", 8), 0);
	ck_assert_int_eq(message("READY=1", 7), 0);
	ck_assert_int_eq(message("STOPPING=1", 10), 0);
}
END_TEST

/* The clock of RELOADING is the host's, as it was when the message came. */
START_TEST(reloading_goes_with_the_time_of_its_message)
{
	configured("allow", "RELOADING", 0);
	says("READY=1");
	message_usec = 123456789;
	ck_assert_str_eq(says("MONOTONIC_USEC=7\nRELOADING=1"),
	                 "refused(MONOTONIC_USEC=7)"
	                 "send(state, RELOADING=1\nMONOTONIC_USEC=123456789)");
}
END_TEST

START_TEST(without_a_guest_stop_is_quiet)
{
	ck_assert_str_eq(stopped(), "");
	ck_assert_str_eq(stopped(), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("notify_policy");
	TCase *tcase = harness_case(suite, "settings");

	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, a_field_that_never_passes_is_refused_in_one_line_that_says_why);
	tcase_add_test(tcase, what_the_shim_words_itself_is_not_logged);
	tcase_add_test(tcase, a_value_is_no_format);
	tcase_add_test(tcase, what_is_set_counts);
	tcase = harness_case(suite, "refused");
	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, where_nothing_was_refused_nothing_is_said_at_the_end);
	tcase_add_test(tcase, all_that_was_refused_is_summed_up_by_name);
	tcase_add_test(tcase, of_names_without_end_the_rest_is_one_number);
	tcase_add_test(tcase, a_guests_bytes_are_no_format);
	tcase_add_test(tcase, what_is_refused_for_its_value_or_its_place_is_counted_too);
	tcase = harness_case(suite, "limits");
	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, over_a_limit_it_is_said_once_and_summed_up);
	tcase_add_test(tcase, extensions_of_time_are_held_back_when_they_are_used_up);
	tcase_add_test(tcase, the_watchdogs_pace_is_no_offence);
	tcase_add_test(tcase, a_host_that_takes_no_more_is_no_failure);
	tcase_add_test(tcase, reloading_goes_with_the_time_of_its_message);
	tcase_add_test(tcase, without_a_guest_stop_is_quiet);
	return harness_run(suite);
}
