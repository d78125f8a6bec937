/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/supervisor: no VMM keeps the service, whatever it ignores; and who is followed. */
#include "supervisor_fixture.h"

/* A VMM that ignores everything: each stage has a deadline, and the last one ends the service. */
START_TEST(a_vmm_that_ignores_everything_is_waited_for_in_bounded_time)
{
	uint64_t bound = supervisor.stop_timeout_usec;
	uint64_t before = now_usec();
	int fd = -1;

	if (_i == 0) {
		start_vmm_with_api("immortal");
		signal_comes(SIGTERM, SI_USER);
		fd = answer_api("HTTP/1.1 204 \r\n\r\n");
	} else {
		start_vmm("immortal");
		if (_i == 1)
			signal_comes(SIGTERM, SI_USER);
		else if (_i == 2)
			supervisor_linger(&supervisor);
		else
			supervisor_give_up(&supervisor);
	}
	for (int stage = 0; ends == 0 && stage < 4; stage++) {
		uint64_t deadline = harness_deadline(&loop);

		ck_assert_uint_gt(deadline, 0);
		bound += SUPERVISOR_KILL_USEC;
		ck_assert_uint_le(deadline, before + bound + USEC_PER_SEC);
		/* SIGKILL has been sent, and the loop has not seen the end yet: as if there were none. */
		harness_fire(&loop, 0);
	}
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last_end.status, 137);
	ck_assert(last_end.left_behind);
	ck_assert_int_eq(supervisor.pid, 0);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
	close(fd);
	ck_assert_int_gt(waitpid(-1, NULL, 0), 0);
}
END_TEST

START_TEST(a_guest_that_has_shut_down_gives_its_vmm_a_time)
{
	uint64_t before = now_usec(), deadline;

	start_vmm("plain");
	supervisor_linger(&supervisor);
	deadline = harness_deadline(&loop);
	ck_assert_uint_ge(deadline, before + supervisor.linger_usec);
	/* The guest repeats itself. */
	supervisor_linger(&supervisor);
	ck_assert_uint_eq(harness_deadline(&loop), deadline);
	harness_fire(&loop, 0);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	ck_assert(!last_end.foreign && !last_end.interrupted);
}
END_TEST

START_TEST(a_vmm_that_ends_in_that_time_is_not_signalled)
{
	start_vmm("plain");
	supervisor_linger(&supervisor);
	kill(supervisor.pid, SIGKILL);
	wait_for_end(137);
	close(STDOUT_FILENO);
	ck_assert_str_eq(line(), "end of file");
}
END_TEST

/* What the API says of a guest that has shut down counts no more. */
START_TEST(the_api_is_not_listened_to_after_the_guests_end)
{
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("");
	supervisor_linger(&supervisor);
	ck_assert_int_lt(send(fd, "HTTP/1.1 400 \r\n\r\n", 17, MSG_NOSIGNAL), 0);
	harness_settle(&loop);
	ck_assert_int_eq(supervisor.stage, SUPERVISOR_LINGERING);
	close(fd);
}
END_TEST

static pid_t asked_of;

static bool is_not_ours(struct supervisor *from, pid_t pid)
{
	ck_assert_ptr_eq(from, &supervisor);
	asked_of = pid;
	return false;
}

/* The socket may be that of another VMM. */
START_TEST(an_api_of_another_process_is_not_asked)
{
	char request[64];
	int fd;

	start_vmm_with_api("plain");
	supervisor.is_ours = is_not_ours;
	signal_comes(SIGTERM, SI_USER);
	ck_assert_int_eq(asked_of, getpid());
	fd = accept4(api, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_eq(read(fd, request, sizeof(request)), 0);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	close(fd);
}
END_TEST

/* It has no more time because its guest shuts down at the end of the stop timeout. */
START_TEST(the_stop_timeout_is_not_made_longer)
{
	uint64_t deadline;
	int fd;

	supervisor.stop_timeout_usec = _i == 0 ? USEC_PER_SEC : 80 * USEC_PER_SEC;
	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("HTTP/1.1 204 \r\n\r\n");
	deadline = harness_deadline(&loop);
	supervisor_linger(&supervisor);
	if (_i == 0)
		ck_assert_uint_eq(harness_deadline(&loop), deadline);
	else
		ck_assert_uint_lt(harness_deadline(&loop), deadline);
	close(fd);
}
END_TEST

START_TEST(a_request_after_the_guests_end_is_sigterm)
{
	start_vmm_with_api("plain");
	supervisor_linger(&supervisor);
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	ck_assert_int_lt(accept4(api, NULL, NULL, SOCK_NONBLOCK), 0);
}
END_TEST

START_TEST(a_guest_that_may_be_paused_is_resumed_first)
{
	char request[512] = "";
	int fd;

	start_vmm_with_api("plain");
	supervisor.maybe_paused = true;
	signal_comes(SIGTERM, SI_USER);
	fd = accept4(api, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_gt(read(fd, request, sizeof(request) - 1), 0);
	ck_assert_ptr_nonnull(strstr(request, "vm.resume"));
	close(fd);
}
END_TEST

START_TEST(a_signal_is_foreign_or_ours)
{
	bool ours = _i == 1;

	start_vmm("stubborn");
	if (ours) {
		supervisor_give_up(&supervisor);
		harness_fire(&loop, 0);
	} else {
		kill(supervisor.pid, SIGKILL);
	}
	wait_for_end(137);
	ck_assert_int_eq(last_end.foreign, !ours);
	ck_assert(!last_end.left_behind);
}
END_TEST

START_TEST(other_children_are_reaped)
{
	pid_t pid = fork();
	siginfo_t info;

	if (pid == 0)
		_exit(3);
	start_vmm("plain");
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	harness_settle(&loop);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), -1);
	ck_assert_int_eq(ends, 0);
}
END_TEST

/* --- a launcher that leaves the VMM behind */

static pid_t left;

static pid_t follow(struct supervisor *from, int with)
{
	ck_assert_ptr_eq(from, &supervisor);
	ck_assert_int_eq(with, 0);
	from->follow = NULL;
	return left;
}

/* Its child outlives it, and becomes ours: this process is a subreaper. */
START_TEST(a_child_that_a_launcher_left_is_followed)
{
	char program[] = "sh", option[] = "-c", name[] = "sh", number[] = "1";
	char script[] = "sleep 60 >/dev/null & echo $!";
	char *arguments[] = {program, option, script, name, number, NULL};

	supervisor.follow = follow;
	ck_assert_int_eq(start(arguments), 0);
	left = (pid_t)atoi(line());
	while (supervisor.follow)
		harness_round(&loop);
	ck_assert_int_eq(supervisor.pid, left);
	ck_assert_int_eq(ends, 0);
	signal_comes(SIGTERM, SI_USER);
	wait_for_end(143);
	ck_assert(!last_end.foreign);
}
END_TEST

/* --- the stop command */

static void start_with_command(const char *command)
{
	start_vmm_with_api("plain");
	ck_assert_int_eq(stop_command_prepare(&supervisor.command, command, &signals, &failure), 0);
}

static void wait_for_command(void)
{
	while (supervisor.command.pid)
		harness_round(&loop);
}

START_TEST(the_stop_command_is_run_in_place_of_the_api)
{
	start_with_command("kill -USR1 $VMM_PID; exit 0");
	harness_settle(&loop);
	ck_assert_int_gt(supervisor.command.pid, 0);
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "USR1");
	wait_for_command();
	ck_assert(supervisor.shuts_down);
	ck_assert_int_eq(supervisor.stage, SUPERVISOR_ASKED);
	ck_assert_int_lt(accept4(api, NULL, NULL, SOCK_NONBLOCK), 0);
}
END_TEST

START_TEST(a_stop_command_that_fails_is_sigterm_at_once)
{
	start_with_command("exit 3");
	signal_comes(SIGTERM, SI_USER);
	wait_for_end(5);
	ck_assert_str_eq(line(), "TERM");
}
END_TEST

START_TEST(a_stop_command_that_is_not_run_ends_with_us)
{
	start_with_command("echo never");
	stop_command_deinit(&supervisor.command);
	wait_for_command();
	ck_assert_int_eq(supervisor.stage, SUPERVISOR_RUNNING);
	/* Without its shell it is the API that is asked. */
	signal_comes(SIGTERM, SI_USER);
	close(answer_api("HTTP/1.1 204 \r\n\r\n"));
	ck_assert(supervisor.shuts_down);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_loop_test(tcase, a_vmm_that_ignores_everything_is_waited_for_in_bounded_time, 0,
	                    4);
	tcase_add_test(tcase, a_guest_that_has_shut_down_gives_its_vmm_a_time);
	tcase_add_test(tcase, a_vmm_that_ends_in_that_time_is_not_signalled);
	tcase_add_test(tcase, the_api_is_not_listened_to_after_the_guests_end);
	tcase_add_test(tcase, an_api_of_another_process_is_not_asked);
	tcase_add_loop_test(tcase, the_stop_timeout_is_not_made_longer, 0, 2);
	tcase_add_test(tcase, a_request_after_the_guests_end_is_sigterm);
	tcase_add_test(tcase, a_guest_that_may_be_paused_is_resumed_first);
	tcase_add_loop_test(tcase, a_signal_is_foreign_or_ours, 0, 2);
	tcase_add_test(tcase, other_children_are_reaped);
	tcase_add_test(tcase, a_child_that_a_launcher_left_is_followed);
	tcase_add_test(tcase, the_stop_command_is_run_in_place_of_the_api);
	tcase_add_test(tcase, a_stop_command_that_fails_is_sigterm_at_once);
	tcase_add_test(tcase, a_stop_command_that_is_not_run_ends_with_us);
}

int main(void)
{
	return supervisor_tests("supervisor_stages", add_tests);
}
