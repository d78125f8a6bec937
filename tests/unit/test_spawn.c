/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/spawn: a child that is as it would have been without this program in between. */
#include "run/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/*
 * The child is this program itself, told by a variable which of the questions below it is to answer
 * on its standard output.
 */
#define ROLE "TEST_SPAWN_ROLE"

static struct spawn_signals signals;
static int output[2];
static pid_t pid;

static struct failure failure;

static void setup(void)
{
	ck_assert_int_eq(pipe2(output, O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(output[1], STDOUT_FILENO), STDOUT_FILENO);
	close(output[1]);
}

static int start(char *const *arguments, const char *argv0, int pass_fd)
{
	const struct spawn what = {
		.arguments = arguments,
		.argv0 = argv0,
		.signals = &signals,
		.pass_fd = pass_fd,
		.stdin_fd = -1,
	};

	return spawn(&what, &pid, &failure);
}

static int wait_for_exit(void)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Has the child answer the question, and returns its answer. */
static const char *ask(const char *question, const char *argv0, int pass_fd)
{
	static char text[1024];
	char program[] = "/proc/self/exe";
	char *arguments[] = {program, NULL};
	size_t length = 0;
	ssize_t n;

	setenv(ROLE, question, 1);
	ck_assert_int_eq(start(arguments, argv0, pass_fd), 0);
	close(STDOUT_FILENO);
	while ((n = read(output[0], text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)n;
	text[length] = '\0';
	ck_assert_int_eq(wait_for_exit(), 0);
	return text;
}

static bool has_child(void)
{
	return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

/* ---- what the child is asked ----------------------------------------------------------------- */

static void say_signals(void)
{
	struct sigaction action;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	printf("blocked:");
	for (int number = 1; number < 32; number++)
		if (sigismember(&mask, number))
			printf(" %s", sigabbrev_np(number));
	printf(" ignored:");
	for (int number = 1; number < 32; number++)
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			printf(" %s", sigabbrev_np(number));
}

static void say_death_signal(void)
{
	int number = 0;

	prctl(PR_GET_PDEATHSIG, &number);
	printf("%s", number ? sigabbrev_np(number) : "none");
}

static void say_descriptors(void)
{
	for (int fd = 3; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d ", fd);
}

static void say_group(void)
{
	printf("%d %d", (int)getpgrp(), (int)getsid(0));
}

static int answer(const char *question, const char *argv0)
{
	if (strcmp(question, "signals") == 0)
		say_signals();
	else if (strcmp(question, "death signal") == 0)
		say_death_signal();
	else if (strcmp(question, "descriptors") == 0)
		say_descriptors();
	else if (strcmp(question, "group") == 0)
		say_group();
	else
		printf("%s", argv0);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void block(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* What the wrapper does to itself between saving and spawning. */
static void change_signals(void)
{
	block(SIGTERM);
	block(SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
}

START_TEST(the_default_signal_state_is_restored)
{
	spawn_save_signals(&signals);
	change_signals();
	ck_assert_str_eq(ask("signals", NULL, -1), "blocked: ignored:");
}
END_TEST

START_TEST(an_inherited_signal_state_is_restored)
{
	block(SIGUSR2);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	spawn_save_signals(&signals);
	change_signals();
	/* CHLD and PIPE as they were found; HUP, as nohup(1) sets it, was never touched. */
	ck_assert_str_eq(ask("signals", NULL, -1), "blocked: USR2 ignored: HUP PIPE CHLD");
}
END_TEST

START_TEST(a_child_can_be_waited_for_where_that_was_ignored)
{
	struct sigaction action;

	signal(SIGCHLD, SIG_IGN);
	spawn_save_signals(&signals);
	sigaction(SIGCHLD, NULL, &action);
	ck_assert(action.sa_handler == SIG_DFL);
	ck_assert(signals.child.sa_handler == SIG_IGN);
	ask("name", NULL, -1); /* waits */
}
END_TEST

START_TEST(it_dies_with_its_parent)
{
	spawn_save_signals(&signals);
	ck_assert_str_eq(ask("death signal", NULL, -1), "KILL");
}
END_TEST

START_TEST(inherited_descriptors_stay_its_own_do_not_and_one_is_passed)
{
	int inherited, own, passed;
	char expected[64];

	/* Whatever the test runner has open. */
	for (int fd = 3; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	inherited = fcntl(output[0], F_DUPFD, 40);
	own = fcntl(output[0], F_DUPFD_CLOEXEC, 50);
	passed = fcntl(output[0], F_DUPFD_CLOEXEC, 60);
	spawn_save_signals(&signals);
	snprintf(expected, sizeof(expected), "%d %d ", inherited, passed);
	ck_assert_str_eq(ask("descriptors", NULL, passed), expected);
	/* In the parent it is as it was. */
	ck_assert_int_eq(fcntl(passed, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(own, F_GETFD), FD_CLOEXEC);
}
END_TEST

START_TEST(a_helper_has_no_descriptors_but_the_standard_ones)
{
	char program[] = "/proc/self/exe";
	char *arguments[] = {program, NULL};
	const struct spawn what = {.arguments = arguments,
	                           .signals = &signals,
	                           .pass_fd = -1,
	                           .stdin_fd = -1,
	                           .alone = true};
	char text[64];

	ck_assert_int_ge(fcntl(output[0], F_DUPFD, 40), 40);
	spawn_save_signals(&signals);
	setenv(ROLE, "descriptors", 1);
	ck_assert_int_eq(spawn(&what, &pid, &failure), 0);
	close(STDOUT_FILENO);
	ck_assert_int_eq(read(output[0], text, sizeof(text)), 0);
	ck_assert_int_eq(wait_for_exit(), 0);
}
END_TEST

START_TEST(it_stays_in_the_process_group_and_the_session)
{
	char expected[64];

	snprintf(expected, sizeof(expected), "%d %d", (int)getpgrp(), (int)getsid(0));
	spawn_save_signals(&signals);
	ck_assert_str_eq(ask("group", NULL, -1), expected);
}
END_TEST

START_TEST(it_is_called_as_its_first_argument_or_otherwise)
{
	spawn_save_signals(&signals);
	if (_i == 0)
		ck_assert_str_eq(ask("name", NULL, -1), "/proc/self/exe");
	else if (_i == 1)
		ck_assert_str_eq(ask("name", "microvm@web", -1), "microvm@web");
	else
		ck_assert_str_eq(ask("name", "", -1), "");
}
END_TEST

START_TEST(its_name_is_looked_up_in_the_path)
{
	char program[] = "true";
	char *arguments[] = {program, NULL};

	spawn_save_signals(&signals);
	ck_assert_int_eq(start(arguments, "another name", -1), 0);
	ck_assert_int_eq(wait_for_exit(), 0);
	/* argv0 is the child's business: the parent's arguments stay as they are. */
	ck_assert_str_eq(arguments[0], "true");
}
END_TEST

/* Makes a file of that mode with that content. */
static void make_file(const char *path, mode_t mode, const char *content)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static const struct {
	const char *what;
	int error;
} unexecutable[] = {
	{"missing", -ENOENT},     {"mode", -EACCES},          {"folder", -EACCES},
	{"interpreter", -ENOENT}, {"below a file", -ENOTDIR}, {"not in the path", -ENOENT},
	{"empty name", -ENOENT},
};

START_TEST(what_cannot_be_executed_is_said_and_leaves_no_child)
{
	char *folder = harness_folder();
	char path[512];
	char *arguments[] = {path, NULL};
	unsigned before;
	int r;

	snprintf(path, sizeof(path), "%s", harness_path(folder, "vmm"));
	switch (_i) {
	case 1:
		make_file(path, 0600, "#!/bin/sh\n");
		break;
	case 2:
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	case 3:
		make_file(path, 0700, "#!/nowhere/sh\n");
		break;
	case 4:
		make_file(path, 0700, "");
		strcat(path, "/vmm");
		break;
	case 5:
		strcpy(path, "no-such-vmm-anywhere");
		break;
	case 6:
		strcpy(path, "");
		break;
	default:
		break;
	}
	spawn_save_signals(&signals);
	before = harness_open_fds();
	r = start(arguments, "other", -1);
	ck_assert_msg(r == unexecutable[_i].error, "%s: %s", unexecutable[_i].what, strerror(-r));
	ck_assert(!has_child());
	ck_assert_uint_eq(harness_open_fds(), before);
	harness_remove(folder);
}
END_TEST

/* In the place of libc's, for a file system that does not answer, and for its time. */
static bool hangs;

int execvp(const char *file, char *const arguments[])
{
	while (hangs)
		pause();
	return execvpe(file, arguments, environ);
}

int poll(struct pollfd *fds, nfds_t count, int msec)
{
	const struct timespec time = {msec / 1000, 0};

	if (!hangs)
		return ppoll(fds, count, msec < 0 ? NULL : &time, NULL);
	ck_assert_int_eq(msec, SPAWN_EXEC_MSEC);
	return 0;
}

START_TEST(a_program_whose_file_does_not_come_is_not_waited_for)
{
	char program[] = "true";
	char *arguments[] = {program, NULL};
	int wait_status;

	spawn_save_signals(&signals);
	hangs = true;
	ck_assert_int_eq(start(arguments, NULL, -1), -ETIMEDOUT);
	/* SIGKILL was sent. */
	if (waitpid(pid, &wait_status, 0) == pid)
		ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL);
}
END_TEST

START_TEST(a_descriptor_that_is_none_is_said_too)
{
	char program[] = "true";
	char *arguments[] = {program, NULL};

	spawn_save_signals(&signals);
	ck_assert_int_eq(start(arguments, NULL, 250), -EBADF);
	ck_assert(!has_child());
}
END_TEST

int main(int argc, char **argv)
{
	const char *question = getenv(ROLE);
	Suite *suite;
	TCase *tcase;

	if (question)
		return answer(question, argc > 0 ? argv[0] : "none");
	suite = suite_create("spawn");
	tcase = harness_case(suite, "child");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_default_signal_state_is_restored);
	tcase_add_test(tcase, an_inherited_signal_state_is_restored);
	tcase_add_test(tcase, a_child_can_be_waited_for_where_that_was_ignored);
	tcase_add_test(tcase, it_dies_with_its_parent);
	tcase_add_test(tcase, inherited_descriptors_stay_its_own_do_not_and_one_is_passed);
	tcase_add_test(tcase, a_helper_has_no_descriptors_but_the_standard_ones);
	tcase_add_test(tcase, it_stays_in_the_process_group_and_the_session);
	tcase_add_loop_test(tcase, it_is_called_as_its_first_argument_or_otherwise, 0, 3);
	tcase_add_test(tcase, its_name_is_looked_up_in_the_path);
	tcase_add_loop_test(tcase, what_cannot_be_executed_is_said_and_leaves_no_child, 0,
	                    COUNT(unexecutable));
	tcase_add_test(tcase, a_program_whose_file_does_not_come_is_not_waited_for);
	tcase_add_test(tcase, a_descriptor_that_is_none_is_said_too);
	return harness_run(suite);
}
