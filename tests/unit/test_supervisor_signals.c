/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/supervisor: in which way each signal reaches the VMM. */
#include "base/clock.h"
#include "supervisor_fixture.h"

START_TEST(without_an_api_socket_the_first_sigterm_is_passed_on)
{
	uint64_t before = now_usec();

	start_vmm("plain");
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	/* It is the only way to ask, so the guest has its time. */
	ck_assert_uint_ge(harness_deadline(&loop), before + supervisor.stop_timeout_usec);
	wait_for_end(5);
	ck_assert(!last_end.interrupted);
}
END_TEST

START_TEST(with_one_the_power_button_comes_first)
{
	uint64_t before = now_usec();
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("HTTP/1.1 204 \r\n\r\n");
	/* Now it is the guest's turn, for as long as was said. */
	ck_assert_uint_ge(harness_deadline(&loop), before + supervisor.stop_timeout_usec);
	ck_assert_int_eq(ends, 0);
	harness_fire(&loop, 0);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	close(fd);
}
END_TEST

START_TEST(a_guest_that_powers_off_is_not_signalled)
{
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("HTTP/1.1 204 \r\n\r\n");
	/* As if the VMM ended by itself: by a signal that it would have told of. */
	kill(supervisor.pid, SIGKILL);
	wait_for_end(137);
	ck_assert(!last_end.interrupted);
	close(STDOUT_FILENO);
	ck_assert_str_eq(line(), "end of file");
	close(fd);
}
END_TEST

static const char *const refusals[] = {
	"HTTP/1.1 404 \r\n\r\n",
	"HTTP/1.1 500 \r\n\r\n",
	"what?\r\n\r\n",
};

START_TEST(where_the_button_is_refused_it_is_sigterm_at_once)
{
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api(refusals[_i]);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	close(fd);
}
END_TEST

/* The guest and a slow API have the stop timeout together. */
START_TEST(where_nobody_answers_it_is_sigterm_after_the_stop_timeout)
{
	uint64_t before = now_usec();
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("");
	ck_assert_uint_ge(harness_deadline(&loop), before + supervisor.stop_timeout_usec);
	harness_fire(&loop, 0);
	ck_assert_str_eq(line(), "TERM");
	/* The request that was under way says nothing any more. */
	ck_assert(!supervisor.client.source.added);
	wait_for_end(5);
	close(fd);
}
END_TEST

START_TEST(an_api_that_hangs_up_may_belong_to_a_vmm_that_ends)
{
	start_vmm_with_api("plain");
	if (_i == 2)
		close(api);
	signal_comes(SIGTERM, SI_USER);
	if (_i < 2)
		close(answer_api(""));
	harness_settle(&loop);
	ck_assert_int_eq(supervisor.stage, SUPERVISOR_ASKED);
	ck_assert_uint_le(harness_deadline(&loop), now_usec() + SUPERVISOR_HANG_UP_USEC);
	if (_i == 0) {
		harness_fire(&loop, 0);
		ck_assert_str_eq(line(), "TERM");
		wait_for_end(5);
	} else {
		/* As if the service manager had ended it, too (KillMode=control-group). */
		kill(supervisor.pid, SIGTERM);
		wait_for_end(5);
		ck_assert(last_end.interrupted);
	}
}
END_TEST

START_TEST(where_there_is_no_api_socket_any_more_it_is_sigterm_at_once)
{
	start_vmm_with_api("plain");
	unlink(api_path);
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
}
END_TEST

START_TEST(a_second_sigterm_goes_straight_on)
{
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	/* Before the VMM has answered, or after. */
	fd = answer_api(_i == 0 ? "" : "HTTP/1.1 204 \r\n\r\n");
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	close(fd);
}
END_TEST

START_TEST(each_further_sigterm_is_passed_on)
{
	start_vmm("stubborn");
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	harness_settle(&loop);
	ck_assert_int_eq(ends, 0);
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
}
END_TEST

static const int passed_on[] = {SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

START_TEST(another_signal_is_passed_on_as_it_is)
{
	start_vmm_with_api("plain");
	signal_comes(passed_on[_i], SI_USER);
	ck_assert_str_eq(line(), sigabbrev_np(passed_on[_i]));
	signal_comes(passed_on[_i], SI_QUEUE);
	ck_assert_str_eq(line(), sigabbrev_np(passed_on[_i]));
	ck_assert_int_eq(supervisor.stage, SUPERVISOR_RUNNING);
}
END_TEST

START_TEST(what_the_terminal_sent_to_both_is_not_passed_on)
{
	start_vmm("plain");
	signal_comes(SIGINT, SI_KERNEL);
	signal_comes(SIGQUIT, SI_KERNEL);
	/* Had they been, they would come first: they have lower numbers. */
	signal_comes(SIGUSR1, SI_USER);
	ck_assert_str_eq(line(), "USR1");
}
END_TEST

/*
 * A terminal that goes tells the session's leader only (tests/cli/test-run.sh has that case). Who is not the leader has it
 * from the kernel together with the whole group.
 */
START_TEST(a_hang_up_that_the_group_has_is_not_passed_on)
{
	start_vmm("plain");
	signal_comes(SIGHUP, SI_KERNEL);
	signal_comes(SIGUSR1, SI_USER);
	ck_assert_str_eq(line(), "USR1");
}
END_TEST

static const struct {
	int signal; /* after SIGRTMIN, or a number of its own */
	bool reboot;
} requests[] = {{SIGTERM, false}, {-3, false}, {-4, false}, {SIGINT, true}, {-5, true}};

START_TEST(a_request_to_shut_down_has_several_signals)
{
	int number = requests[_i].signal;
	int fd;

	start_vmm_with_api("plain");
	signal_comes(number < 0 ? SIGRTMIN - number : number, SI_USER);
	fd = answer_api("HTTP/1.1 204 \r\n\r\n");
	ck_assert_int_eq(supervisor.reboot, requests[_i].reboot);
	signal_comes(SIGTERM, SI_USER);
	ck_assert(!supervisor.reboot);
	wait_for_end(5);
	close(fd);
}
END_TEST

START_TEST(what_is_given_up_and_does_not_go_is_killed)
{
	start_vmm("stubborn");
	supervisor_give_up(&supervisor);
	ck_assert_str_eq(line(), "TERM");
	harness_fire(&loop, 0);
	wait_for_end(137);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_test(tcase, without_an_api_socket_the_first_sigterm_is_passed_on);
	tcase_add_test(tcase, with_one_the_power_button_comes_first);
	tcase_add_test(tcase, a_guest_that_powers_off_is_not_signalled);
	tcase_add_loop_test(tcase, where_the_button_is_refused_it_is_sigterm_at_once, 0,
	                    COUNT(refusals));
	tcase_add_test(tcase, where_nobody_answers_it_is_sigterm_after_the_stop_timeout);
	tcase_add_loop_test(tcase, an_api_that_hangs_up_may_belong_to_a_vmm_that_ends, 0, 3);
	tcase_add_test(tcase, where_there_is_no_api_socket_any_more_it_is_sigterm_at_once);
	tcase_add_loop_test(tcase, a_second_sigterm_goes_straight_on, 0, 2);
	tcase_add_test(tcase, each_further_sigterm_is_passed_on);
	tcase_add_test(tcase, what_is_given_up_and_does_not_go_is_killed);
	tcase_add_loop_test(tcase, another_signal_is_passed_on_as_it_is, 0, COUNT(passed_on));
	tcase_add_test(tcase, what_the_terminal_sent_to_both_is_not_passed_on);
	tcase_add_test(tcase, a_hang_up_that_the_group_has_is_not_passed_on);
	tcase_add_loop_test(tcase, a_request_to_shut_down_has_several_signals, 0, COUNT(requests));
}

int main(void)
{
	return supervisor_tests("supervisor_signals", add_tests);
}
