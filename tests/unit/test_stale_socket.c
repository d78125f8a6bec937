/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of base/stale_socket and base/socket_table: which socket files are removed, and that nobody is connected to if the
 * kernel's table tells that he lives.
 */
#include "base/stale_socket.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/address.h"
#include "base/socket_table.h"
#include "harness.h"

static char *folder;
static char path[128];

static void setup(void)
{
	folder = harness_folder();
	snprintf(path, sizeof(path), "%s/vsock", folder);
}

static void teardown(void)
{
	harness_remove(folder);
}

/* A socket that is bound to name and listens. */
static int listener_at(const char *name, int type)
{
	struct address address;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(address_from_path(name, &address), 0);
	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	if (type != SOCK_DGRAM)
		ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

static bool was_connected_to(int fd)
{
	struct pollfd state = {.fd = fd, .events = POLLIN};

	return poll(&state, 1, 0) != 0;
}

static bool exists(const char *name)
{
	struct stat file;

	return lstat(name, &file) == 0;
}

/* What happens to it at the end of a process before which it was not there. */
static int remove_ended(void)
{
	const struct stale_socket socket = {.path = path};
	FILE *table = socket_table_open();
	int r;

	ck_assert_ptr_nonnull(table);
	r = stale_socket_clean_up(&socket, table);
	socket_table_close(&table);
	ck_assert_ptr_null(table);
	return r;
}

START_TEST(a_live_socket_stays_and_sees_no_connection)
{
	int fd = listener_at(path, SOCK_STREAM);

	ck_assert_int_eq(stale_socket_remove(path), -EADDRINUSE);
	ck_assert_int_eq(remove_ended(), -EADDRINUSE);
	ck_assert(exists(path));
	ck_assert(!was_connected_to(fd));
	close(fd);
}
END_TEST

/* As in "cd /var/lib/vm && cloud-hypervisor --vsock socket=vsock": the table has "vsock" only. */
START_TEST(a_live_socket_that_was_bound_by_a_relative_path_sees_no_connection)
{
	int fd;

	ck_assert_int_eq(chdir(folder), 0);
	fd = listener_at("vsock", SOCK_STREAM);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(stale_socket_remove(path), -EADDRINUSE);
	ck_assert(!was_connected_to(fd));
	ck_assert(exists(path));
	close(fd);
}
END_TEST

/* Two VMs with the same relative path, in folders of their own: one lives, the other one was killed. */
START_TEST(a_stale_socket_is_removed_although_its_namesake_lives)
{
	char other[160];
	int fd;

	snprintf(other, sizeof(other), "%s/other", folder);
	ck_assert_int_eq(mkdir(other, 0700), 0);
	ck_assert_int_eq(chdir(other), 0);
	fd = listener_at("vsock", SOCK_STREAM);
	ck_assert_int_eq(chdir(folder), 0);
	close(listener_at("vsock", SOCK_STREAM));
	ck_assert_int_eq(_i ? stale_socket_remove("vsock") : stale_socket_remove(path), 1);
	ck_assert(!exists(path));
	ck_assert(!was_connected_to(fd));
	ck_assert_int_eq(chdir("/"), 0);
	close(fd);
}
END_TEST

/* As in a jail: the table has "/vsock". */
START_TEST(a_live_socket_that_was_bound_in_another_root_sees_no_connection)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chroot(folder), 0);
	fd = listener_at("/vsock", SOCK_STREAM);
	ck_assert_int_eq(fchdir(root), 0);
	ck_assert_int_eq(chroot("."), 0);
	ck_assert_int_eq(stale_socket_remove(path), -EADDRINUSE);
	ck_assert(!was_connected_to(fd));
	close(root);
	close(fd);
}
END_TEST

START_TEST(a_link_in_the_path_does_not_hide_who_listens)
{
	int fd = listener_at(path, SOCK_STREAM);
	char by_link[160];

	snprintf(by_link, sizeof(by_link), "%s.link", folder);
	ck_assert_int_eq(symlink(folder, by_link), 0);
	snprintf(by_link, sizeof(by_link), "%s.link/vsock", folder);
	ck_assert_int_eq(stale_socket_remove(by_link), -EADDRINUSE);
	ck_assert(!was_connected_to(fd));
	snprintf(by_link, sizeof(by_link), "%s.link", folder);
	unlink(by_link);
	close(fd);
}
END_TEST

START_TEST(a_stale_socket_is_removed)
{
	close(listener_at(path, SOCK_STREAM));
	ck_assert_int_eq(_i ? remove_ended() : stale_socket_remove(path), 1);
	ck_assert(!exists(path));
	ck_assert_int_eq(_i ? remove_ended() : stale_socket_remove(path), 0);
}
END_TEST

/* The listener has gone, a connection that it accepted has not: it is listed with the same path. */
START_TEST(a_connection_does_not_keep_a_stale_socket)
{
	int fd = listener_at(path, SOCK_STREAM);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted;
	struct address address = {0};

	address_from_path(path, &address);
	ck_assert_int_eq(connect(client, &address.any, address.length), 0);
	accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(accepted, 0);
	close(fd);
	ck_assert_int_eq(_i ? remove_ended() : stale_socket_remove(path), 1);
	close(accepted);
	close(client);
}
END_TEST

START_TEST(a_file_of_another_kind_is_left)
{
	int fd;

	if (_i == 2) {
		fd = listener_at(path, SOCK_DGRAM);
		ck_assert_int_eq(stale_socket_remove(path), -EADDRINUSE);
		ck_assert_int_eq(remove_ended(), -EADDRINUSE);
		close(fd);
	} else {
		if (_i == 0)
			harness_put_text(path, "");
		else
			ck_assert_int_eq(symlink("/nowhere", path), 0);
		ck_assert_int_eq(stale_socket_remove(path), -EEXIST);
		ck_assert_int_eq(remove_ended(), -EEXIST);
	}
	ck_assert(exists(path));
}
END_TEST

START_TEST(without_a_table_nothing_is_removed_at_the_end)
{
	const struct stale_socket socket = {.path = path}, none = {0};

	close(listener_at(path, SOCK_STREAM));
	ck_assert_int_eq(stale_socket_clean_up(&socket, NULL), -EADDRINUSE);
	ck_assert_int_eq(stale_socket_clean_up(&none, NULL), 0);
	ck_assert(exists(path));
}
END_TEST

/*
 * Another process has bound it by a relative path, or in another network namespace, and is not found in the table at the end: it
 * was there before.
 */
START_TEST(what_was_there_before_and_lived_is_left_at_the_end)
{
	FILE *table = socket_table_open();
	struct stale_socket socket;
	int fd;

	ck_assert_int_eq(chdir(folder), 0);
	fd = listener_at("vsock", SOCK_STREAM);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert(!socket_table_has(table, path, false));
	ck_assert_int_eq(stale_socket_prepare(&socket, path), -EADDRINUSE);
	ck_assert_int_eq(stale_socket_clean_up(&socket, table), -EADDRINUSE);
	ck_assert(exists(path));
	ck_assert(!was_connected_to(fd));
	close(fd);
	socket_table_close(&table);
}
END_TEST

/* A left-over makes way, and so does what the process leaves in turn. */
START_TEST(what_the_process_has_bound_itself_is_removed_at_the_end)
{
	FILE *table = socket_table_open();
	struct stale_socket socket;

	if (_i)
		close(listener_at(path, SOCK_STREAM));
	ck_assert_int_eq(stale_socket_prepare(&socket, path), _i);
	ck_assert_int_eq(stale_socket_clean_up(&socket, table), 0);
	close(listener_at(path, SOCK_STREAM));
	ck_assert_int_eq(stale_socket_clean_up(&socket, table), 1);
	ck_assert(!exists(path));
	socket_table_close(&table);
}
END_TEST

/* The table has one network namespace: who listens in another one is found by a connection. */
START_TEST(a_listener_in_another_network_namespace_keeps_its_socket)
{
	int fd = listener_at(path, SOCK_STREAM);
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			_exit(0);
		_exit(stale_socket_remove(path) == -EADDRINUSE && exists(path) ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	close(fd);
}
END_TEST

/* The table is read anew each time, from its beginning. */
START_TEST(one_table_tells_what_is_so_now)
{
	FILE *table = socket_table_open();
	int fd = listener_at(path, SOCK_STREAM);

	ck_assert(socket_table_has(table, path, false));
	close(fd);
	ck_assert(!socket_table_has(table, path, false));
	unlink(path);
	fd = listener_at(path, SOCK_STREAM);
	ck_assert(socket_table_has(table, path, false));
	close(fd);
	socket_table_close(&table);
}
END_TEST

START_TEST(a_path_with_spaces_is_one_path)
{
	int fd;

	snprintf(path, sizeof(path), "%s/my vm  sock", folder);
	fd = listener_at(path, SOCK_STREAM);
	ck_assert_int_eq(remove_ended(), -EADDRINUSE);
	close(fd);
	ck_assert_int_eq(remove_ended(), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stale_socket");
	TCase *tcase = harness_case(suite, "live");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_live_socket_stays_and_sees_no_connection);
	tcase_add_test(tcase, a_live_socket_that_was_bound_by_a_relative_path_sees_no_connection);
	tcase_add_test(tcase, a_live_socket_that_was_bound_in_another_root_sees_no_connection);
	tcase_add_test(tcase, what_was_there_before_and_lived_is_left_at_the_end);
	tcase_add_test(tcase, a_link_in_the_path_does_not_hide_who_listens);
	tcase_add_test(tcase, a_listener_in_another_network_namespace_keeps_its_socket);
	tcase = harness_case(suite, "stale");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_stale_socket_is_removed, 0, 2);
	tcase_add_loop_test(tcase, a_stale_socket_is_removed_although_its_namesake_lives, 0, 2);
	tcase_add_loop_test(tcase, a_connection_does_not_keep_a_stale_socket, 0, 2);
	tcase_add_loop_test(tcase, a_file_of_another_kind_is_left, 0, 3);
	tcase_add_loop_test(tcase, what_the_process_has_bound_itself_is_removed_at_the_end, 0, 2);
	tcase_add_test(tcase, without_a_table_nothing_is_removed_at_the_end);
	tcase_add_test(tcase, one_table_tells_what_is_so_now);
	tcase_add_test(tcase, a_path_with_spaces_is_one_path);
	return harness_run(suite);
}
