/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of base/inherited_fds. Each is played in a child of the case, so that the case keeps its own
 * descriptors; what the child found is its exit status.
 */
#include "base/inherited_fds.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "harness.h"

/* Runs play in a child and returns what it returned. */
static int in_child(int (*play)(int argument), int argument)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(play(argument));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "status %#x", (unsigned)status);
	return WEXITSTATUS(status);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* fd becomes a descriptor, whatever it was. */
static bool make(int fd)
{
	return dup2(STDIN_FILENO, fd) == fd;
}

static void close_from_3(void)
{
	for (int fd = 3; fd < INHERITED_FDS_MAX + 8; fd++)
		close(fd);
}

/* --- what is closed */

static int close_one(int fd)
{
	close_from_3();
	if (!make(fd))
		return 2;
	inherited_fds_note();
	inherited_fds_close(-1);
	return is_open(fd);
}

static const int places[] = {3, 4, 62, 63, 64, 65, 127, 128, 255, 256, 511, 1000};

START_TEST(one_that_was_there_is_closed_wherever_it_is)
{
	ck_assert_int_eq(in_child(close_one, places[_i]), 0);
}
END_TEST

/* The last that is looked at, and the first that is not, where that many may be open. */
static int close_at_the_end(int unused)
{
	struct rlimit limit;

	(void)unused;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < INHERITED_FDS_MAX + 8) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	close_from_3();
	if (!make(INHERITED_FDS_MAX) || !make(INHERITED_FDS_MAX - 1))
		return 2;
	inherited_fds_note();
	inherited_fds_close(-1);
	return is_open(INHERITED_FDS_MAX - 1) || !is_open(INHERITED_FDS_MAX);
}

START_TEST(from_the_limit_on_they_are_left_alone)
{
	int result = in_child(close_at_the_end, 0);

	if (result == 2)
		printf("skip from_the_limit_on_they_are_left_alone: no %d descriptors here "
		       "(optional)\n",
		       INHERITED_FDS_MAX + 1);
	else
		ck_assert_int_eq(result, 0);
}
END_TEST

static int close_many(int unused)
{
	unsigned left = 0;

	(void)unused;
	close_from_3();
	for (int fd = 3; fd < 200; fd++)
		if (!make(fd))
			return 2;
	inherited_fds_note();
	inherited_fds_close(-1);
	for (int fd = 3; fd < 200; fd++)
		left += is_open(fd);
	return left > 0;
}

START_TEST(all_of_many_are_closed)
{
	ck_assert_int_eq(in_child(close_many, 0), 0);
}
END_TEST

/* Each kind of them: what can be read, what cannot, what has ended, what has an error. */
static int close_kinds(int unused)
{
	int pipes[2], pair[2];

	(void)unused;
	close_from_3();
	if (pipe(pipes) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || !make(20) ||
	    open("/", O_PATH) != 7 || open("/dev/null", O_RDWR) != 8)
		return 2;
	if (write(pair[0], "x", 1) != 1)
		return 2;
	close(pipes[0]);
	close(pair[0]);
	inherited_fds_note();
	inherited_fds_close(-1);
	for (int fd = 3; fd < 32; fd++)
		if (is_open(fd))
			return fd;
	return 0;
}

START_TEST(whatever_it_is_it_is_closed)
{
	ck_assert_int_eq(in_child(close_kinds, 0), 0);
}
END_TEST

/* poll(2) refuses more descriptors than may be open. */
static int close_with_few(int limit)
{
	struct rlimit few;

	close_from_3();
	if (!make(3) || !make(7) || getrlimit(RLIMIT_NOFILE, &few) < 0)
		return 2;
	few.rlim_cur = (rlim_t)limit;
	if (setrlimit(RLIMIT_NOFILE, &few) < 0)
		return 2;
	inherited_fds_note();
	inherited_fds_close(-1);
	return is_open(3) || is_open(7);
}

static const int limits[] = {8, 32, 63, 64, 65, 1000};

START_TEST(a_low_limit_of_descriptors_hides_none)
{
	ck_assert_int_eq(in_child(close_with_few, limits[_i]), 0);
}
END_TEST

/* --- what is not */

static int keep(int kept)
{
	close_from_3();
	for (int fd = 3; fd < 80; fd++)
		if (!make(fd))
			return 2;
	inherited_fds_note();
	inherited_fds_close(kept);
	for (int fd = 3; fd < 80; fd++)
		if (is_open(fd) != (fd == kept))
			return 1;
	return 0;
}

static const int kept[] = {3, 5, 63, 64, 79};

START_TEST(the_one_that_is_in_use_is_kept)
{
	ck_assert_int_eq(in_child(keep, kept[_i]), 0);
}
END_TEST

static int keep_own(int unused)
{
	(void)unused;
	close_from_3();
	if (!make(3) || !make(64))
		return 2;
	inherited_fds_note();
	if (!make(4) || !make(63) || !make(65) || !make(300))
		return 2;
	inherited_fds_close(-1);
	return is_open(3) || is_open(64) || !is_open(4) || !is_open(63) || !is_open(65) ||
	       !is_open(300);
}

START_TEST(the_process_own_are_left)
{
	ck_assert_int_eq(in_child(keep_own, 0), 0);
}
END_TEST

static int keep_standard(int unused)
{
	(void)unused;
	close_from_3();
	inherited_fds_note();
	inherited_fds_close(-1);
	return !is_open(STDIN_FILENO) || !is_open(STDOUT_FILENO) || !is_open(STDERR_FILENO);
}

START_TEST(standard_input_output_and_error_stay)
{
	ck_assert_int_eq(in_child(keep_standard, 0), 0);
}
END_TEST

/* A number that was closed may be the process's own the next time. */
static int close_twice(int unused)
{
	(void)unused;
	close_from_3();
	if (!make(3) || !make(4))
		return 2;
	inherited_fds_note();
	inherited_fds_close(4);
	if (is_open(3) || !make(3))
		return 1;
	inherited_fds_close(-1);
	return !is_open(3) || is_open(4);
}

START_TEST(what_was_closed_once_is_not_closed_again)
{
	ck_assert_int_eq(in_child(close_twice, 0), 0);
}
END_TEST

static int close_unnoted(int unused)
{
	(void)unused;
	close_from_3();
	if (!make(3))
		return 2;
	inherited_fds_close(-1);
	return !is_open(3);
}

START_TEST(without_a_note_nothing_is_closed)
{
	ck_assert_int_eq(in_child(close_unnoted, 0), 0);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
	Suite *suite = suite_create("inherited_fds");
	TCase *tcase = harness_case(suite, "closed");

	tcase_add_loop_test(tcase, one_that_was_there_is_closed_wherever_it_is, 0, COUNT(places));
	tcase_add_test(tcase, from_the_limit_on_they_are_left_alone);
	tcase_add_test(tcase, all_of_many_are_closed);
	tcase_add_test(tcase, whatever_it_is_it_is_closed);
	tcase_add_loop_test(tcase, a_low_limit_of_descriptors_hides_none, 0, COUNT(limits));
	tcase = harness_case(suite, "left");
	tcase_add_loop_test(tcase, the_one_that_is_in_use_is_kept, 0, COUNT(kept));
	tcase_add_test(tcase, the_process_own_are_left);
	tcase_add_test(tcase, standard_input_output_and_error_stay);
	tcase_add_test(tcase, what_was_closed_once_is_not_closed_again);
	tcase_add_test(tcase, without_a_note_nothing_is_closed);
	return harness_run(suite);
}
