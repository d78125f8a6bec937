/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of run/supervisor: a VMM that is the test itself, and time that is the test's: timers fire when it says so. */
#ifndef SUPERVISOR_FIXTURE_H
#define SUPERVISOR_FIXTURE_H

#include "run/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/*
 * The VMM is this program itself, told by a variable: it prints "up", then the name of each signal that
 * comes, and exits with 5 at SIGTERM, or at the second one where it is to be stubborn, or the ninth.
 */
#define ROLE "TEST_SUPERVISOR_ROLE"

static char *folder;
static char api_path[512];
static int api = -1; /* listens there */
static struct loop loop;
static struct supervisor supervisor;
static struct spawn_signals signals;
static struct failure failure;
static FILE *said;
static int ends;
static struct vmm_end last_end;

static inline int play_vmm(const char *role)
{
	int terms = strcmp(role, "immortal") == 0 ? 9 : strcmp(role, "stubborn") == 0 ? 2 : 1;
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

static inline void ended(struct supervisor *from, const struct vmm_end *end)
{
	ck_assert_ptr_eq(from, &supervisor);
	/* It can be asked anything again. */
	ck_assert_int_eq(from->pid, 0);
	ends++;
	last_end = *end;
	loop_stop(from->loop);
}

static inline void setup(void)
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
	ck_assert_int_eq(supervisor_catch_signals(&supervisor), 0);
	supervisor.ended = ended;
	supervisor.stop_timeout_usec = 80 * USEC_PER_SEC;
	supervisor.linger_usec = 10 * USEC_PER_SEC;
}

static inline void teardown(void)
{
	supervisor_deinit(&supervisor);
	loop_deinit(&loop);
	close(api);
	harness_remove(folder);
}

static inline int start(char *const *arguments)
{
	const struct spawn what = {
		.arguments = arguments, .signals = &signals, .pass_fd = -1, .stdin_fd = -1};

	return supervisor_start(&supervisor, &what, &failure);
}

/* The next line of the VMM's, waited for. */
static inline const char *line(void)
{
	static char text[64];

	if (!fgets(text, sizeof(text), said))
		return "end of file";
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static inline void start_vmm(const char *role)
{
	char program[] = "/proc/self/exe";
	char *arguments[] = {program, NULL};

	setenv(ROLE, role, 1);
	ck_assert_int_eq(start(arguments), 0);
	ck_assert_str_eq(line(), "up");
}

/* Starts a VMM that has an API socket. */
static inline void start_vmm_with_api(const char *role)
{
	struct address address = harness_address(api_path);

	api = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(api, &address.any, address.length), 0);
	ck_assert_int_eq(listen(api, 8), 0);
	supervisor.api = VMM_API_CLOUD_HYPERVISOR;
	supervisor.api_socket = api_path;
	start_vmm(role);
}

/* Answers the request that the VMM has, or "" not at all. Returns the connection. */
static inline int answer_api(const char *text)
{
	char request[512];
	int fd = accept4(api, NULL, NULL, SOCK_CLOEXEC);

	ck_assert_int_gt(read(fd, request, sizeof(request)), 0);
	ck_assert_int_eq(memcmp(request, "PUT /api/v1/vm.power-button ", 28), 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	harness_settle(&loop);
	return fd;
}

static inline void signal_comes(int number, int code)
{
	const struct signalfd_siginfo info = {
		.ssi_signo = (uint32_t)number,
		.ssi_code = code,
	};

	supervisor_signal(&supervisor, &info);
}

static inline void wait_for_end(int expected)
{
	/* It may have come to its end in one of the rounds before. */
	if (ends == 0)
		ck_assert_int_eq(loop_run(&loop), 0);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last_end.status, expected);
	ck_assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}

/* The main function of a test: it plays the VMM, or runs the suite of this name with the tests that add adds. */
static inline int supervisor_tests(const char *name, void (*add)(TCase *tcase))
{
	const char *role = getenv(ROLE);
	Suite *suite;
	TCase *tcase;

	if (role)
		return play_vmm(role);
	suite = suite_create(name);
	tcase = harness_case(suite, "supervisor");
	tcase_add_checked_fixture(tcase, setup, teardown);
	add(tcase);
	return harness_run(suite);
}

#endif
