/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/listener: whose socket file is replaced, whose is not, and what is left behind. */
#include "listener_fixture.h"

START_TEST(it_can_be_connected_to_and_both_files_go_when_it_closes)
{
	int fd;

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	fd = connected();
	ck_assert_int_ge(fd, 0);
	ck_assert(exists(lock_path));
	ck_assert_int_eq(fcntl(listener.fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(listener.lock_fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(listener.fd, F_GETFL) & O_NONBLOCK, 0);
	listener_close(&listener);
	ck_assert(!exists(path));
	check_nothing_of_it_is_left();
	close(fd);
	listener_close(&listener);
}
END_TEST

START_TEST(a_stale_socket_is_replaced)
{
	close(other_socket(SOCK_STREAM, true));
	ck_assert_int_eq(connected(), -ECONNREFUSED);
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	close(connected());
	listener_close(&listener);
	ck_assert(!exists(path));
}
END_TEST

START_TEST(a_stale_lock_file_is_no_hindrance)
{
	close(open(lock_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	listener_close(&listener);
	check_nothing_of_it_is_left();
}
END_TEST

START_TEST(a_live_socket_is_refused_and_stays)
{
	int fd = other_socket(SOCK_STREAM, true);
	int client;

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EADDRINUSE);
	check_nothing_of_it_is_left();
	client = connected();
	ck_assert_int_ge(client, 0);
	close(client);
	close(fd);
}
END_TEST

START_TEST(a_live_socket_whose_backlog_is_full_is_refused_too)
{
	int fd = other_socket(SOCK_STREAM, false), clients[16], count = 0;

	ck_assert_int_eq(listen(fd, 0), 0);
	while (count < 16 && (clients[count] = connected()) >= 0)
		count++;
	ck_assert_int_lt(count, 16);
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EADDRINUSE);
	ck_assert(exists(path));
	while (count--)
		close(clients[count]);
	close(fd);
}
END_TEST

START_TEST(a_live_datagram_socket_is_refused_too)
{
	int fd = other_socket(SOCK_DGRAM, false);

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EADDRINUSE);
	ck_assert(exists(path));
	check_nothing_of_it_is_left();
	close(fd);
}
END_TEST

START_TEST(what_is_no_socket_is_left_alone)
{
	switch (_i) {
	case 0:
		close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		break;
	case 1:
		ck_assert_int_eq(mkdir(path, 0700), 0);
		break;
	case 2:
		ck_assert_int_eq(symlink("/nowhere", path), 0);
		break;
	default:
		ck_assert_int_eq(mkfifo(path, 0600), 0);
		break;
	}
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), -EEXIST);
	ck_assert(exists(path));
	check_nothing_of_it_is_left();
}
END_TEST

START_TEST(a_path_has_at_most_107_bytes)
{
	char longest[256];
	size_t length = strlen(folder);

	memset(longest, 'n', sizeof(longest));
	memcpy(longest, folder, length);
	longest[length] = '/';
	longest[108] = '\0';
	ck_assert_int_eq(listener_open(&listener, longest, &private_mode, &failure), -ENAMETOOLONG);
	check_nothing_of_it_is_left();
	longest[107] = '\0';
	ck_assert_int_eq(listener_open(&listener, longest, &private_mode, &failure), 0);
	listener_close(&listener);
}
END_TEST

START_TEST(without_the_folder_it_fails)
{
	ck_assert_int_eq(listener_open(&listener, harness_path(folder, "no/vsock_1"), &private_mode,
	                               &failure),
	                 -ENOENT);
	check_nothing_of_it_is_left();
}
END_TEST

START_TEST(a_socket_that_somebody_else_put_in_its_place_is_not_removed)
{
	int fd;

	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	ck_assert_int_eq(unlink(path), 0);
	fd = other_socket(SOCK_STREAM, true);
	listener_close(&listener);
	ck_assert(exists(path));
	ck_assert(!exists(lock_path));
	close(fd);
}
END_TEST

START_TEST(no_descriptor_is_left_open_whatever_happens)
{
	unsigned before = harness_open_fds();

	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_lt(listener_open(&listener, path, &private_mode, &failure), 0);
	ck_assert_uint_eq(harness_open_fds(), before);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert_int_eq(listener_open(&listener, path, &private_mode, &failure), 0);
	listener_close(&listener);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("listener");
	TCase *tcase = harness_case(suite, "file");

	tcase_add_checked_fixture(tcase, listener_setup, listener_teardown);
	tcase_add_test(tcase, it_can_be_connected_to_and_both_files_go_when_it_closes);
	tcase_add_test(tcase, a_stale_socket_is_replaced);
	tcase_add_test(tcase, a_stale_lock_file_is_no_hindrance);
	tcase_add_test(tcase, a_live_socket_is_refused_and_stays);
	tcase_add_test(tcase, a_live_socket_whose_backlog_is_full_is_refused_too);
	tcase_add_test(tcase, a_live_datagram_socket_is_refused_too);
	tcase_add_loop_test(tcase, what_is_no_socket_is_left_alone, 0, 4);
	tcase_add_test(tcase, a_path_has_at_most_107_bytes);
	tcase_add_test(tcase, without_the_folder_it_fails);
	tcase_add_test(tcase, a_socket_that_somebody_else_put_in_its_place_is_not_removed);
	tcase_add_test(tcase, no_descriptor_is_left_open_whatever_happens);
	return harness_run(suite);
}
