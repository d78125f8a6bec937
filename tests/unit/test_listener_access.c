/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/listener: who may connect, from the first moment, and who may listen at the same path. */
#include <grp.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "listener_fixture.h"

START_TEST(the_file_has_its_mode_whatever_the_umask)
{
	static const mode_t modes[] = {0600, 0660, 0666, 0000};
	struct listener_options options = {.mode = modes[_i]};

	umask(0077);
	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), 0);
	ck_assert_uint_eq(mode_of(path), modes[_i]);
	ck_assert_uint_eq(mode_of(lock_path), 0600);
	ck_assert_uint_eq(umask(0), 0077);
	listener_close(&listener);
}
END_TEST

/* What bind(2) was called with, for a case that watches the moment. */
static bool bind_watched;
static const char
	*swapped_for; /* a file; the new socket becomes a link to it right after bind(2) */
static mode_t socket_mode_at_bind, umask_at_bind;

/* In the place of libc's. */
int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	struct sockaddr_storage copy = {0};
	struct stat status;

	if (bind_watched && fstat(fd, &status) == 0) {
		socket_mode_at_bind = status.st_mode & 0777;
		umask_at_bind = umask(0);
		umask(umask_at_bind);
	}
	memcpy(&copy, address, length);
	if (syscall(SYS_bind, fd, &copy, length) < 0)
		return -1;
	return swapped_for ? unlink(path) + symlink(swapped_for, path) : 0;
}

/* The kernel gives the file the socket's mode without the umask's bits: nothing is left for later. */
START_TEST(the_file_has_its_mode_from_the_moment_it_is_there)
{
	struct listener_options options = {.mode = 0660};

	umask(0022);
	bind_watched = true;
	if (_i == 1) {
		options.has_group = true;
		options.group = getegid();
	}
	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), 0);
	ck_assert_uint_eq(socket_mode_at_bind, _i == 1 ? 0600 : 0660);
	ck_assert_uint_eq(umask_at_bind, 0);
	ck_assert_uint_eq(mode_of(path), 0660);
	listener_close(&listener);
}
END_TEST

START_TEST(the_file_has_the_group_that_was_asked_for)
{
	struct listener_options options = {.mode = 0660, .has_group = true};
	struct stat status;

	options.group = geteuid() == 0 ? 65534 : getegid();
	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_gid, options.group);
	ck_assert_uint_eq(status.st_mode & 07777, 0660);
	listener_close(&listener);
}
END_TEST

/* Each case has a process of its own: it may give its privileges up. */
/* Who is not root may give it to himself only. */
static uid_t other_user(void)
{
	return geteuid() == 0 ? 4711 : geteuid();
}

START_TEST(the_file_is_the_vmms_users)
{
	struct listener_options options = {.mode = 0600, .has_owner = true, .owner = other_user()};
	struct stat file;

	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), 0);
	ck_assert_int_eq(stat(path, &file), 0);
	ck_assert_uint_eq(file.st_uid, other_user());
	ck_assert_uint_eq(mode_of(path), 0600);
	listener_close(&listener);
	ck_assert_int_lt(stat(path, &file), 0);
}
END_TEST

/* The folder may be the other user's, who may put a link in the socket's place. */
START_TEST(no_other_file_is_given_away)
{
	struct listener_options options = {.mode = 0600, .has_owner = true, .owner = other_user()};
	const char *precious = harness_path(folder, "precious");
	struct stat file;

	close(open(precious, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	swapped_for = precious;
	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), -EEXIST);
	ck_assert_int_eq(stat(precious, &file), 0);
	ck_assert_uint_eq(file.st_uid, geteuid());
}
END_TEST

START_TEST(a_group_that_may_not_be_given_fails_and_leaves_nothing)
{
	struct listener_options options = {.mode = 0660, .has_group = true, .group = 0};
	bool root = geteuid() == 0;

	if (root) {
		ck_assert_int_eq(chown(folder, 65534, 65534), 0);
		ck_assert_int_eq(setgroups(0, NULL), 0);
		ck_assert_int_eq(setregid(65534, 65534), 0);
		ck_assert_int_eq(setreuid(65534, 65534), 0);
	}
	ck_assert_int_eq(listener_open(&listener, path, &options, &failure), -EPERM);
	ck_assert(!exists(path));
	check_nothing_of_it_is_left();
}
END_TEST

/* In a child, which holds its listener until it is killed; *ready is written to when it has it. */
static pid_t open_in_child(bool lock_only)
{
	int ends[2];
	pid_t pid;
	char byte;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct listener held;
		bool good;

		if (lock_only)
			good = flock(open(lock_path, O_RDWR | O_CREAT, 0600), LOCK_EX) == 0;
		else
			good = listener_open(&held, path, &private_mode, &failure) == 0;
		if (!good || write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

static void kill_child(pid_t pid)
{
	int status;

	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

START_TEST(another_process_of_this_program_is_refused_until_it_dies)
{
	pid_t child = open_in_child(false);

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EADDRINUSE);
	ck_assert_msg(exists(path) && exists(lock_path), "the other's files are gone");
	kill_child(child);
	ck_assert_msg(exists(path), "killed, it cannot have removed its file");
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	close(connected());
	listener_close(&listener);
	ck_assert(!exists(path));
	check_nothing_of_it_is_left();
}
END_TEST

START_TEST(the_lock_alone_is_enough_to_be_refused)
{
	pid_t child = open_in_child(true);

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EADDRINUSE);
	ck_assert(exists(lock_path));
	kill_child(child);
}
END_TEST

START_TEST(the_lock_is_no_symbolic_link)
{
	ck_assert_int_eq(symlink(harness_path(folder, "victim"), lock_path), 0);
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -ELOOP);
	ck_assert(!exists(harness_path(folder, "victim")));
	ck_assert(!exists(path));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("listener_access");
	TCase *tcase = harness_case(suite, "mode");

	tcase_add_checked_fixture(tcase, listener_setup, listener_teardown);
	tcase_add_loop_test(tcase, the_file_has_its_mode_whatever_the_umask, 0, 4);
	tcase_add_loop_test(tcase, the_file_has_its_mode_from_the_moment_it_is_there, 0, 2);
	tcase_add_test(tcase, the_file_has_the_group_that_was_asked_for);
	tcase_add_test(tcase, the_file_is_the_vmms_users);
	tcase_add_test(tcase, no_other_file_is_given_away);
	tcase_add_test(tcase, a_group_that_may_not_be_given_fails_and_leaves_nothing);
	tcase = harness_case(suite, "lock");
	tcase_add_checked_fixture(tcase, listener_setup, listener_teardown);
	tcase_add_test(tcase, another_process_of_this_program_is_refused_until_it_dies);
	tcase_add_test(tcase, the_lock_alone_is_enough_to_be_refused);
	tcase_add_test(tcase, the_lock_is_no_symbolic_link);
	return harness_run(suite);
}
