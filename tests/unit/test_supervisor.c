/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/supervisor: how the VMM's end is told. */
#include "supervisor_fixture.h"

static const struct {
	const char *script;
	int status;
} exits[] = {
	{"exit 0", 0},          {"exit 3", 3},          {"exit 255", 255},
	{"kill -TERM $$", 143}, {"kill -KILL $$", 137}, {"kill -ABRT $$", 134},
};

START_TEST(the_vmms_end_is_its_code_or_128_and_the_signal)
{
	char program[] = "sh", option[] = "-c", script[64];
	char *arguments[] = {program, option, script, NULL};

	snprintf(script, sizeof(script), "ulimit -c 0; %s", exits[_i].script);
	ck_assert_int_eq(start(arguments), 0);
	wait_for_end(exits[_i].status);
}
END_TEST

START_TEST(a_vmm_that_cannot_be_started_is_none)
{
	char program[] = "/no/such/vmm";
	char *arguments[] = {program, NULL};

	ck_assert_int_eq(start(arguments), -ENOENT);
	ck_assert_str_eq(failure.line,
	                 "cannot execute /no/such/vmm: No such file or directory: is it "
	                 "installed, and in $PATH?");
	ck_assert_int_eq(supervisor.pid, 0);
	signal_comes(SIGTERM, SI_USER);
	supervisor_give_up(&supervisor);
	harness_settle(&loop);
	ck_assert_int_eq(ends, 0);
}
END_TEST

START_TEST(a_stopped_vmm_has_not_ended)
{
	siginfo_t info;

	start_vmm("plain");
	ck_assert_int_eq(kill(supervisor.pid, SIGSTOP), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)supervisor.pid, &info, WSTOPPED | WNOWAIT), 0);
	harness_settle(&loop);
	ck_assert_int_eq(ends, 0);
	kill(supervisor.pid, SIGCONT);
	supervisor_give_up(&supervisor);
	wait_for_end(5);
}
END_TEST

START_TEST(a_vmm_that_is_still_there_goes_with_the_supervisor)
{
	pid_t pid;

	start_vmm_with_api("stubborn");
	pid = supervisor.pid;
	supervisor_deinit(&supervisor);
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	ck_assert_int_eq(ends, 0);
	supervisor_deinit(&supervisor);
}
END_TEST

/* However often the guest gives reason: the VMM gets one SIGTERM, and the kill timer never moves. */
START_TEST(a_vmm_is_given_up_once)
{
	uint64_t deadline;

	start_vmm("stubborn");
	supervisor_give_up(&supervisor);
	deadline = harness_deadline(&loop);
	ck_assert_uint_gt(deadline, 0);
	ck_assert_str_eq(line(), "TERM");
	for (int i = 0; i < 10; i++)
		supervisor_give_up(&supervisor);
	ck_assert_uint_eq(harness_deadline(&loop), deadline);
	ck_assert_uint_eq(supervisor.timer.deadline_usec, deadline);
	/* A second SIGTERM would have ended it before this signal. */
	kill(supervisor.pid, SIGUSR1);
	ck_assert_str_eq(line(), "USR1");
	harness_fire(&loop, 0);
	wait_for_end(137);
}
END_TEST

START_TEST(nothing_stays_open)
{
	unsigned before = harness_open_fds();

	start_vmm("plain");
	signal_comes(SIGTERM, SI_USER);
	wait_for_end(5);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_loop_test(tcase, the_vmms_end_is_its_code_or_128_and_the_signal, 0, COUNT(exits));
	tcase_add_test(tcase, a_vmm_that_cannot_be_started_is_none);
	tcase_add_test(tcase, a_stopped_vmm_has_not_ended);
	tcase_add_test(tcase, a_vmm_that_is_still_there_goes_with_the_supervisor);
	tcase_add_test(tcase, a_vmm_is_given_up_once);
	tcase_add_test(tcase, nothing_stays_open);
}

int main(void)
{
	return supervisor_tests("supervisor", add_tests);
}
