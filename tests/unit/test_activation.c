/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/activation: sockets passed by a service manager; each case in a process of its own. */
#include <errno.h>
#include <stdbool.h>

#include "base/address.h"
#include "base/log.h"
#include "guest/activation.h"
#include "harness.h"

static char *folder;
static struct listener listener;
static struct failure failure;

static void setup(void)
{
	log_set_level(0);
	folder = harness_folder();
}

static void teardown(void)
{
	harness_remove(folder);
}

/* Puts fd where a service manager does. */
static void pass_as_3(int fd)
{
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 3), 3);
	close(fd);
}

static int unix_socket(int type, bool listening)
{
	struct address address;
	int fd = socket(AF_UNIX, type, 0);

	ck_assert_int_eq(address_from_path(harness_path(folder, "socket"), &address), 0);
	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	if (listening)
		ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

static void set_environment(const char *pid, const char *count)
{
	char own[32];

	snprintf(own, sizeof(own), "%d", getpid());
	if (pid)
		setenv("LISTEN_PID", strcmp(pid, "own") == 0 ? own : pid, 1);
	if (count)
		setenv("LISTEN_FDS", count, 1);
	setenv("LISTEN_FDNAMES", "notify", 1);
}

static void check_environment_is_clean(void)
{
	ck_assert_ptr_null(getenv("LISTEN_PID"));
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
	ck_assert_ptr_null(getenv("LISTEN_FDNAMES"));
}

START_TEST(a_passed_socket_is_taken_made_private_and_nonblocking)
{
	struct address address;
	int client = socket(AF_UNIX, SOCK_STREAM, 0), accepted;

	client = fcntl(client, F_DUPFD, 100);
	pass_as_3(unix_socket(SOCK_STREAM, true));
	set_environment("own", "1");
	ck_assert_int_eq(listener_inherit(&listener, NULL, &failure), 1);
	ck_assert_int_eq(listener.fd, 3);
	ck_assert_int_eq(listener.lock_fd, -1);
	ck_assert_ptr_null(listener.path);
	ck_assert_int_eq(fcntl(3, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(3, F_GETFL) & O_NONBLOCK, 0);
	check_environment_is_clean();
	ck_assert_int_eq(address_from_path(harness_path(folder, "socket"), &address), 0);
	ck_assert_int_eq(connect(client, &address.any, address.length), 0);
	accepted = accept(listener.fd, NULL, NULL);
	ck_assert_int_ge(accepted, 0);
	close(accepted);
	close(client);
	listener_close(&listener);
	ck_assert_int_eq(fcntl(3, F_GETFD), -1);
	/* Its owner looks after the file. */
	ck_assert_int_eq(access(harness_path(folder, "socket"), F_OK), 0);
}
END_TEST

START_TEST(a_small_backlog_is_made_larger)
{
	struct address address;
	int clients[8];

	pass_as_3(unix_socket(SOCK_STREAM, true));
	set_environment("own", "1");
	ck_assert_int_eq(listener_inherit(&listener, NULL, &failure), 1);
	ck_assert_int_eq(address_from_path(harness_path(folder, "socket"), &address), 0);
	for (int i = 0; i < 8; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		ck_assert_int_eq(connect(clients[i], &address.any, address.length), 0);
	}
	for (int i = 0; i < 8; i++)
		close(clients[i]);
	listener_close(&listener);
}
END_TEST

static const struct {
	const char *pid;
	const char *count;
} not_for_us[] = {
	{NULL, NULL},
	{"own", NULL},
	{NULL, "1"},
	{"own", "0"},
	{"1", "1"},
	{"own", ""},
	{"own", "x"},
	{"own", "-1"},
	{"", "1"},
	{"x", "1"},
	{"own", "1 "},
	{"-1", "1"},
	{"own", "99999999999999999999"},
};

START_TEST(what_was_not_passed_to_this_process_is_left_alone)
{
	pass_as_3(unix_socket(SOCK_STREAM, true));
	set_environment(not_for_us[_i].pid, not_for_us[_i].count);
	ck_assert_int_eq(listener_inherit(&listener, NULL, &failure), 0);
	ck_assert_int_eq(listener.fd, -1);
	ck_assert_int_eq(fcntl(3, F_GETFD), 0);
	check_environment_is_clean();
}
END_TEST

START_TEST(more_than_one_socket_is_refused)
{
	static const char *const counts[] = {"2", "3", "18446744073709551615"};

	pass_as_3(unix_socket(SOCK_STREAM, true));
	set_environment("own", counts[_i]);
	ck_assert_int_eq(listener_inherit(&listener, NULL, &failure), -EINVAL);
	ck_assert_ptr_nonnull(strstr(failure.line, "$LISTEN_FDS"));
	ck_assert_int_eq(listener.fd, -1);
	check_environment_is_clean();
}
END_TEST

/* The user's path: the same words, another way to the same file, another file, none. */
START_TEST(the_socket_has_to_be_where_the_user_listens)
{
	char same[160], link[160], other[160];
	const char *const paths[] = {same, link, other, "/nowhere/socket"};

	snprintf(same, sizeof(same), "%s/socket", folder);
	snprintf(link, sizeof(link), "%s/./socket", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	harness_put_text(other, "");
	pass_as_3(unix_socket(SOCK_STREAM, true));
	set_environment("own", "1");
	ck_assert_int_eq(listener_inherit(&listener, paths[_i], &failure), _i < 2 ? 1 : -EINVAL);
	if (_i >= 2)
		ck_assert_msg(strstr(failure.line, same) && strstr(failure.line, paths[_i]), "%s",
		              failure.line);
	check_environment_is_clean();
}
END_TEST

static int what_is_no_listening_unix_stream_socket(int which)
{
	int fd = -1;

	switch (which) {
	case 0:
		return unix_socket(SOCK_STREAM, false);
	case 1:
		return unix_socket(SOCK_DGRAM, false);
	case 2:
		return unix_socket(SOCK_SEQPACKET, true);
	case 3:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		ck_assert_int_eq(listen(fd, 1), 0);
		return fd;
	case 4:
		return open("/dev/null", O_RDWR);
	default:
		close(3);
		return fd;
	}
}

START_TEST(a_socket_of_another_kind_is_refused)
{
	int fd = what_is_no_listening_unix_stream_socket(_i);

	if (fd >= 0)
		pass_as_3(fd);
	set_environment("own", "1");
	ck_assert_int_eq(listener_inherit(&listener, NULL, &failure), -EINVAL);
	ck_assert_ptr_nonnull(strstr(failure.line, "$LISTEN_FDS"));
	ck_assert_int_eq(listener.fd, -1);
	check_environment_is_clean();
}
END_TEST

int main(void)
{
	/* From here on 3 is ours: libcheck's own pipes come after it. */
	int reserved = dup2(STDOUT_FILENO, 3);
	Suite *suite = suite_create("listener_inherit");
	TCase *tcase = harness_case(suite, "inherit");

	if (reserved != 3)
		return EXIT_FAILURE;
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_passed_socket_is_taken_made_private_and_nonblocking);
	tcase_add_test(tcase, a_small_backlog_is_made_larger);
	tcase_add_loop_test(tcase, what_was_not_passed_to_this_process_is_left_alone, 0,
	                    (int)(sizeof(not_for_us) / sizeof(not_for_us[0])));
	tcase_add_loop_test(tcase, more_than_one_socket_is_refused, 0, 3);
	tcase_add_loop_test(tcase, the_socket_has_to_be_where_the_user_listens, 0, 4);
	tcase_add_loop_test(tcase, a_socket_of_another_kind_is_refused, 0, 6);
	return harness_run(suite);
}
