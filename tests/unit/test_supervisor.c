/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of run/supervisor: how the VMM's end is told, and in which way each signal reaches it. Time is
 * the test's: timers fire when it says so.
 */
#include "../../vsock-notify/run/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>

#include "../../vsock-notify/shim/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/*
 * The VMM is this program itself, told by a variable: it prints "up", then the name of each signal that
 * comes, and exits with 5 at SIGTERM, or at the second one where it is to be stubborn.
 */
#define ROLE "TEST_SUPERVISOR_ROLE"

static char *folder;
static char api_path[512];
static int api = -1; /* listens there */
static struct loop loop;
static struct supervisor supervisor;
static struct spawn_signals signals;
static FILE *said;
static int ends;
static int status;

static int play_vmm(const char *role)
{
	int terms = strcmp(role, "stubborn") == 0 ? 2 : 1;
	sigset_t all;
	int number;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	puts("up");
	while (fflush(stdout) == 0 && terms > 0) {
		if (sigwait(&all, &number) != 0)
			return 99;
		puts(sigabbrev_np(number));
		terms -= number == SIGTERM;
	}
	return 5;
}

static void ended(struct supervisor *from, int with)
{
	ck_assert_ptr_eq(from, &supervisor);
	/* It can be asked anything again. */
	ck_assert_int_eq(from->pid, 0);
	ck_assert_int_eq(from->pidfd, -1);
	ends++;
	status = with;
	loop_stop(from->loop);
}

static void setup(void)
{
	int output[2];

	log_set_level(0);
	folder = harness_folder();
	snprintf(api_path, sizeof(api_path), "%s", harness_path(folder, "api"));
	ck_assert_int_eq(pipe2(output, O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(output[1], STDOUT_FILENO), STDOUT_FILENO);
	close(output[1]);
	said = fdopen(output[0], "r");
	spawn_save_signals(&signals);
	ck_assert_int_eq(loop_init(&loop), 0);
	supervisor_init(&supervisor, &loop);
	supervisor.ended = ended;
	supervisor.stop_timeout_usec = 80 * USEC_PER_SEC;
}

static void teardown(void)
{
	supervisor_deinit(&supervisor);
	loop_deinit(&loop);
	close(api);
	harness_remove(folder);
}

static int start(char *const *arguments)
{
	const struct spawn what = {.arguments = arguments, .signals = &signals, .pass_fd = -1};

	return supervisor_start(&supervisor, &what);
}

/* The next line of the VMM's, waited for. */
static const char *line(void)
{
	static char text[64];

	if (!fgets(text, sizeof(text), said))
		return "end of file";
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void start_vmm(const char *role)
{
	char program[] = "/proc/self/exe";
	char *arguments[] = {program, NULL};

	setenv(ROLE, role, 1);
	ck_assert_int_eq(start(arguments), 0);
	ck_assert_str_eq(line(), "up");
}

/* Starts a VMM that has an API socket. */
static void start_vmm_with_api(const char *role)
{
	struct address address = harness_address(api_path);

	api = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(api, &address.any, address.length), 0);
	ck_assert_int_eq(listen(api, 8), 0);
	supervisor.api_socket = api_path;
	start_vmm(role);
}

/* Answers the request that the VMM has, or "" not at all. Returns the connection. */
static int answer_api(const char *text)
{
	char request[512];
	int fd = accept4(api, NULL, NULL, SOCK_CLOEXEC);

	ck_assert_int_gt(read(fd, request, sizeof(request)), 0);
	ck_assert_int_eq(memcmp(request, "PUT /api/v1/vm.power-button ", 28), 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	harness_settle(&loop);
	return fd;
}

static void signal_comes(int number, int code)
{
	const struct signalfd_siginfo info = {
		.ssi_signo = (uint32_t)number,
		.ssi_code = code,
	};

	supervisor_signal(&supervisor, &info);
}

static void wait_for_end(int expected)
{
	/* It may have come to its end in one of the rounds before. */
	if (ends == 0)
		ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(status, expected);
	ck_assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}

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

START_TEST(without_an_api_socket_the_first_sigterm_is_passed_on)
{
	start_vmm("plain");
	signal_comes(SIGTERM, SI_USER);
	ck_assert_str_eq(line(), "TERM");
	ck_assert_uint_eq(harness_deadline(&loop), 0);
	wait_for_end(5);
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
	close(STDOUT_FILENO);
	ck_assert_str_eq(line(), "end of file");
	close(fd);
}
END_TEST

static const char *const refusals[] = {
	"HTTP/1.1 404 \r\n\r\n",
	"HTTP/1.1 500 \r\n\r\n",
	"what?\r\n",
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

START_TEST(where_nobody_answers_it_is_sigterm_after_a_while)
{
	int fd;

	start_vmm_with_api("plain");
	signal_comes(SIGTERM, SI_USER);
	fd = answer_api("");
	ck_assert_uint_lt(harness_deadline(&loop), now_usec() + supervisor.stop_timeout_usec / 2);
	harness_fire(&loop, 0);
	ck_assert_str_eq(line(), "TERM");
	wait_for_end(5);
	close(fd);
}
END_TEST

START_TEST(where_there_is_no_api_socket_any_more_it_is_sigterm_at_once)
{
	start_vmm_with_api("plain");
	if (_i == 0)
		unlink(api_path);
	else
		close(api);
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

static const int passed_on[] = {SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

START_TEST(another_signal_is_passed_on_as_it_is)
{
	start_vmm_with_api("plain");
	signal_comes(passed_on[_i], SI_USER);
	ck_assert_str_eq(line(), sigabbrev_np(passed_on[_i]));
	signal_comes(passed_on[_i], SI_QUEUE);
	ck_assert_str_eq(line(), sigabbrev_np(passed_on[_i]));
	ck_assert(!supervisor.stopping);
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

START_TEST(a_hang_up_is_passed_on_whoever_sent_it)
{
	/* A terminal that goes tells the session's leader only: the wrapper, under systemd-run --pty. */
	start_vmm("plain");
	signal_comes(SIGHUP, SI_KERNEL);
	signal_comes(SIGUSR1, SI_USER);
	ck_assert_str_eq(line(), "HUP");
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

START_TEST(nothing_stays_open)
{
	unsigned before = harness_open_fds();

	start_vmm("plain");
	signal_comes(SIGTERM, SI_USER);
	wait_for_end(5);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

int main(void)
{
	const char *role = getenv(ROLE);
	Suite *suite;
	TCase *tcase;

	if (role)
		return play_vmm(role);
	suite = suite_create("supervisor");
	tcase = harness_case(suite, "end");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, the_vmms_end_is_its_code_or_128_and_the_signal, 0, COUNT(exits));
	tcase_add_test(tcase, a_vmm_that_cannot_be_started_is_none);
	tcase_add_test(tcase, a_stopped_vmm_has_not_ended);
	tcase_add_test(tcase, a_vmm_that_is_still_there_goes_with_the_supervisor);
	tcase_add_test(tcase, nothing_stays_open);
	tcase = harness_case(suite, "signals");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, without_an_api_socket_the_first_sigterm_is_passed_on);
	tcase_add_test(tcase, with_one_the_power_button_comes_first);
	tcase_add_test(tcase, a_guest_that_powers_off_is_not_signalled);
	tcase_add_loop_test(tcase, where_the_button_is_refused_it_is_sigterm_at_once, 0,
	                    COUNT(refusals));
	tcase_add_test(tcase, where_nobody_answers_it_is_sigterm_after_a_while);
	tcase_add_loop_test(tcase, where_there_is_no_api_socket_any_more_it_is_sigterm_at_once, 0,
	                    2);
	tcase_add_loop_test(tcase, a_second_sigterm_goes_straight_on, 0, 2);
	tcase_add_test(tcase, each_further_sigterm_is_passed_on);
	tcase_add_test(tcase, what_is_given_up_and_does_not_go_is_killed);
	tcase_add_loop_test(tcase, another_signal_is_passed_on_as_it_is, 0, COUNT(passed_on));
	tcase_add_test(tcase, what_the_terminal_sent_to_both_is_not_passed_on);
	tcase_add_test(tcase, a_hang_up_is_passed_on_whoever_sent_it);
	return harness_run(suite);
}
