/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/notify: the plugin through its one exported symbol, with a host that records. */
#include "notify_fixture.h"

START_TEST(it_registers_itself_with_all_that_is_required)
{
	ck_assert_uint_eq(vsock_notify_plugin.abi_version, VSN_ABI_VERSION);
	ck_assert_uint_eq(vsock_notify_plugin.plugin_size, sizeof(struct vsn_plugin));
	ck_assert_str_eq(plugin->name, "notify");
	ck_assert(plugin->open && plugin->message && plugin->close && plugin->peek);
}
END_TEST

static const struct {
	const char *text;
	size_t length;
	enum vsn_verdict verdict;
} peeks[] = {
	{"BARRIER=1", 9, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\n", 10, VSN_VERDICT_COMPLETE},
	/* line ends, as programs on other systems write them, and the NUL that some send */
	{"BARRIER=1\n\n", 11, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\r\n", 11, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\r", 10, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\0", 10, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\n\0", 11, VSN_VERDICT_COMPLETE},
	{"BARRIER=1\0\0", 11, VSN_VERDICT_PATIENT},
	{"BARRIER=1\0\n", 11, VSN_VERDICT_PATIENT},
	{"BARRIER=1\nREADY=1", 17, VSN_VERDICT_PATIENT},
	{"BARRIER=", 8, VSN_VERDICT_PATIENT},
	{"BARRIER=12", 10, VSN_VERDICT_PATIENT},
	{"", 0, VSN_VERDICT_PATIENT},
	{"STATUS=x", 8, VSN_VERDICT_PATIENT},
	{"READY=1", 7, VSN_VERDICT_PATIENT},
	{"READY=1\nSTATUS=Ready.", 21, VSN_VERDICT_BYTE},
	{"X_SYSTEMD_UNIT_ACTIVE=a.target", 30, VSN_VERDICT_BYTE},
	{"X_SYSTEMD_UNIT_ACTIVE=a.targe", 29, VSN_VERDICT_PATIENT},
};

START_TEST(it_knows_a_barrier_and_pid_1_by_what_they_say)
{
	ck_assert_int_eq(plugin->peek(user, peeks[_i].text, peeks[_i].length), peeks[_i].verdict);
}
END_TEST

START_TEST(state_and_progress_are_told_apart)
{
	ck_assert_str_eq(says("STATUS=x"), "send(progress, STATUS=x)");
	ck_assert_str_eq(says("EXTEND_TIMEOUT_USEC=1"), "send(progress, EXTEND_TIMEOUT_USEC=1)");
	ck_assert_str_eq(says("STOPPING=1"), "send(state, STOPPING=1)");
	ck_assert_str_eq(says("READY=1\nSTATUS=Ready."), "send(state, READY=1\nSTATUS=Ready.)");
	ck_assert_str_eq(says("EXIT_STATUS=1\nX_SYSTEMD_SHUTDOWN=halt"),
	                 "guest(X_SYSTEMD_SHUTDOWN=halt)send(state, EXIT_STATUS=1)");
}
END_TEST

START_TEST(a_barrier_is_asked_for_and_not_sent)
{
	ck_assert_str_eq(says("BARRIER=1"), "barrier()");
}
END_TEST

START_TEST(a_message_with_a_nul_byte_in_it_is_refused_as_systemd_does)
{
	ck_assert_str_eq(says_bytes("READY=1\0STATUS=x", 16),
	                 "log6(message 7 refused: it has a NUL byte in it (16 bytes))");
	ck_assert_str_eq(says_bytes("READY=1\0", 8), "send(state, READY=1)");
}
END_TEST

START_TEST(a_refused_name_is_logged_once)
{
	ck_assert_str_eq(says("MAINPID=1"), "refused(MAINPID=1)");
	ck_assert_str_eq(says("MAINPID=2"), "");
	ck_assert_str_eq(says("WATCHDOG=trigger\nSTATUS=x"),
	                 "refused(WATCHDOG=trigger)send(progress, STATUS=x)");
}
END_TEST

START_TEST(an_empty_message_and_empty_lines_say_nothing)
{
	ck_assert_str_eq(says(""), "");
	ck_assert_str_eq(says("\n\n"), "");
	ck_assert_str_eq(says_bytes("\0", 1), "");
}
END_TEST

START_TEST(rubbish_is_counted_and_the_rest_passes)
{
	ck_assert_str_eq(says("a\nSTATUS=x\n=b"),
	                 "log6(message 7 has 2 lines that are no NAME=VALUE: not passed on)"
	                 "send(progress, STATUS=x)");
}
END_TEST

START_TEST(ready_without_basic_target_asks_for_a_timer_and_is_told_when_it_fires)
{
	says("X_SYSTEMD_SIGNALS_LEVEL=2");
	ck_assert_str_eq(says("READY=1"), "timer(1001000)");
	told[0] = '\0';
	plugin->timer(user, 1001000);
	ck_assert_str_eq(told, "send(state, READY=1)");
	told[0] = '\0';
	plugin->timer(user, UINT64_MAX);
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(ready_unit_is_taken_and_counts)
{
	ck_assert_int_eq(plugin->config(user, "ready-unit", "ssh-access.target"), 0);
	ck_assert_str_eq(says("READY=1"), "");
	ck_assert_str_eq(says("X_SYSTEMD_UNIT_ACTIVE=ssh-access.target"),
	                 "guest(X_SYSTEMD_UNIT_ACTIVE=ssh-access.target)"
	                 "send(state, READY=1)");
}
END_TEST

START_TEST(what_is_no_unit_name_is_not_taken)
{
	static const char *const wrong[] = {"",   ".",         "multi-user", ".target",
	                                    "a.", "/a.target", "a b.target", "a.target\n"};
	char name[300];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(plugin->config(user, "ready-unit", wrong[i]) == -EINVAL, "\"%s\"",
		              wrong[i]);
	memset(name, 'a', sizeof(name));
	strcpy(name + 256 - strlen(".target"), ".target");
	ck_assert_int_eq(plugin->config(user, "ready-unit", name), -EINVAL);
	ck_assert_int_eq(plugin->config(user, "ready-unit", name + 1), 0);
	ck_assert_int_eq(plugin->config(user, "ready-units", "a.target"), -ENOENT);
	ck_assert_int_eq(plugin->config(user, "", "a.target"), -ENOENT);
}
END_TEST

START_TEST(a_full_backlog_is_no_failure_of_the_plugin_and_no_memory_is)
{
	send_result = -ENOBUFS;
	ck_assert_int_eq(message("STATUS=x", 8), 0);
	barrier_result = -ENOBUFS;
	ck_assert_int_eq(message("BARRIER=1", 9), 0);
	send_result = -ENOMEM;
	ck_assert_int_eq(message("STATUS=x", 8), -ENOMEM);
	barrier_result = -ENOMEM;
	ck_assert_int_eq(message("BARRIER=1", 9), -ENOMEM);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("notify_plugin");
	TCase *tcase = harness_case(suite, "plugin");

	tcase_add_checked_fixture(tcase, setup, plugin_teardown);
	tcase_add_test(tcase, it_registers_itself_with_all_that_is_required);
	tcase_add_loop_test(tcase, it_knows_a_barrier_and_pid_1_by_what_they_say, 0,
	                    (int)(sizeof(peeks) / sizeof(peeks[0])));
	tcase_add_test(tcase, state_and_progress_are_told_apart);
	tcase_add_test(tcase, a_barrier_is_asked_for_and_not_sent);
	tcase_add_test(tcase, a_message_with_a_nul_byte_in_it_is_refused_as_systemd_does);
	tcase_add_test(tcase, a_refused_name_is_logged_once);
	tcase_add_test(tcase, an_empty_message_and_empty_lines_say_nothing);
	tcase_add_test(tcase, rubbish_is_counted_and_the_rest_passes);
	tcase_add_test(tcase,
	               ready_without_basic_target_asks_for_a_timer_and_is_told_when_it_fires);
	tcase_add_test(tcase, ready_unit_is_taken_and_counts);
	tcase_add_test(tcase, what_is_no_unit_name_is_not_taken);
	tcase_add_test(tcase, a_full_backlog_is_no_failure_of_the_plugin_and_no_memory_is);
	return harness_run(suite);
}
