/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of manager/manager_socket with real sockets: delivery, a full queue, a receiver that comes and goes. */
#include "manager/manager_socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>

#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

static struct loop loop;
static struct manager_socket host;
static char *folder;
static struct address address;
static int answers;
static int last_answer;

static void answer(struct manager_socket *socket, int result)
{
	ck_assert_ptr_eq(socket, &host);
	answers++;
	last_answer = result;
}

static void setup(void)
{
	folder = harness_folder();
	address = harness_address(harness_path(folder, "notify"));
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(manager_socket_init(&host, &loop, &address), 0);
	host.answer = answer;
}

static void teardown(void)
{
	manager_socket_deinit(&host);
	loop_deinit(&loop);
	harness_remove(folder);
}

static int send_text(const char *text)
{
	return manager_socket_send(&host, text, strlen(text), -1);
}

START_TEST(a_datagram_goes_to_a_path_whole)
{
	int fd = harness_host(&address);
	char text[4096];

	ck_assert_int_eq(send_text("READY=1\nSTATUS=Ready."), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "READY=1\nSTATUS=Ready.");
	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(manager_socket_send(&host, text, sizeof(text), -1), 0);
	ck_assert_uint_eq(strlen(harness_read(fd, NULL)), sizeof(text));
	ck_assert_int_eq(answers, 0);
	close(fd);
}
END_TEST

/* Two names of which one is the beginning of the other: a padded or cut length would hit neither. */
START_TEST(a_datagram_goes_to_an_abstract_name_exactly)
{
	char name[64], longer[80];
	struct address exact, other;
	int fd, other_fd;

	snprintf(name, sizeof(name), "@vsn-unit-%d", getpid());
	snprintf(longer, sizeof(longer), "%s-longer", name);
	exact = harness_address(name);
	other = harness_address(longer);
	fd = harness_host(&exact);
	other_fd = harness_host(&other);
	manager_socket_deinit(&host);
	ck_assert_int_eq(manager_socket_init(&host, &loop, &exact), 0);
	ck_assert_int_eq(send_text("READY=1"), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "READY=1");
	ck_assert_str_eq(harness_read(other_fd, NULL), "");
	close(fd);
	ck_assert_int_eq(send_text("READY=1"), -ECONNREFUSED);
	close(other_fd);
}
END_TEST

START_TEST(a_descriptor_goes_with_it)
{
	int fd = harness_host(&address), passed;
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_eq(manager_socket_send(&host, "BARRIER=1", 9, ends[1]), 0);
	close(ends[1]);
	ck_assert_str_eq(harness_read(fd, &passed), "BARRIER=1");
	ck_assert_int_ge(passed, 0);
	ck_assert_int_eq(write(passed, "x", 1), 1);
	ck_assert_int_eq(read(ends[0], &(char){0}, 1), 1);
	close(passed);
	close(ends[0]);
	close(fd);
}
END_TEST

START_TEST(nobody_there_is_an_error_at_once_and_somebody_new_is_found)
{
	int fd;

	ck_assert_int_eq(send_text("a"), -ENOENT);
	fd = harness_host(&address);
	ck_assert_int_eq(send_text("b"), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "b");
	close(fd);
	ck_assert_int_eq(send_text("c"), -ECONNREFUSED);
	unlink(address.local.sun_path);
	ck_assert_int_eq(send_text("d"), -ENOENT);
	fd = harness_host(&address);
	ck_assert_int_eq(send_text("e"), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "e");
	ck_assert_int_eq(answers, 0);
	close(fd);
}
END_TEST

START_TEST(a_full_queue_is_answered_when_it_has_room_and_not_before)
{
	int fd = harness_host(&address);
	unsigned count = harness_fill(&address);

	ck_assert_int_eq(send_text("late"), -EINPROGRESS);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	while (count--)
		ck_assert_str_eq(harness_read(fd, NULL), "full");
	harness_settle(&loop);
	ck_assert_int_eq(answers, 1);
	ck_assert_int_eq(last_answer, -EAGAIN);
	ck_assert_str_eq(harness_read(fd, NULL), "");
	ck_assert_int_eq(send_text("late"), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "late");
	close(fd);
}
END_TEST

START_TEST(a_full_receiver_that_is_replaced_is_answered_and_the_new_one_found)
{
	int fd = harness_host(&address), new_fd;

	harness_fill(&address);
	ck_assert_int_eq(send_text("late"), -EINPROGRESS);
	unlink(address.local.sun_path);
	new_fd = harness_host(&address);
	close(fd);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 1);
	ck_assert_int_eq(last_answer, -EAGAIN);
	ck_assert_int_eq(send_text("late"), 0);
	ck_assert_str_eq(harness_read(new_fd, NULL), "late");
	close(new_fd);
}
END_TEST

/* Connected to the old one, whose queue is full still, yet it is sent to who has the name now. */
START_TEST(while_it_waits_for_room_another_send_goes_by_name)
{
	int fd = harness_host(&address), new_fd;

	harness_fill(&address);
	ck_assert_int_eq(send_text("late"), -EINPROGRESS);
	unlink(address.local.sun_path);
	new_fd = harness_host(&address);
	ck_assert_int_eq(send_text("late"), 0);
	ck_assert_str_eq(harness_read(new_fd, NULL), "late");
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	close(fd);
	close(new_fd);
}
END_TEST

START_TEST(what_is_cancelled_is_not_answered)
{
	int fd = harness_host(&address);

	harness_fill(&address);
	ck_assert_int_eq(send_text("late"), -EINPROGRESS);
	manager_socket_cancel(&host);
	manager_socket_cancel(&host);
	while (*harness_read(fd, NULL))
		;
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	ck_assert_int_eq(send_text("again"), 0);
	close(fd);
}
END_TEST

START_TEST(what_no_datagram_can_hold_is_too_large)
{
	int fd = harness_host(&address);
	size_t huge = 8 << 20;
	char *text = calloc(1, huge);

	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(manager_socket_send(&host, text, huge, -1), -EMSGSIZE);
	ck_assert_int_eq(send_text("small"), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "small");
	free(text);
	close(fd);
}
END_TEST

/* The kernel's, that the above rests on: of a connected socket EPOLLOUT means room at the receiver. */
START_TEST(the_kernel_says_pollout_when_the_peer_of_a_connected_datagram_socket_has_read)
{
	int fd = harness_host(&address);
	int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct pollfd state = {.fd = sender, .events = POLLOUT};

	harness_fill(&address);
	ck_assert_int_eq(poll(&state, 1, 0), 1);
	ck_assert_int_eq(connect(sender, &address.any, address.length), 0);
	ck_assert_int_eq(poll(&state, 1, 0), 0);
	while (*harness_read(fd, NULL))
		;
	ck_assert_int_eq(poll(&state, 1, -1), 1);
	ck_assert(state.revents & POLLOUT);
	close(sender);
	close(fd);
}
END_TEST

/* CID 1 is this machine. Whether there is AF_VSOCK, or anything behind it, is the kernel's affair. */
START_TEST(vsock_without_a_receiver_is_an_error_now_or_later)
{
	struct address vsock = harness_address("vsock:1:4294967290");
	unsigned before;
	int r;

	manager_socket_deinit(&host);
	before = harness_open_fds();
	ck_assert_int_eq(manager_socket_init(&host, &loop, &vsock), 0);
	host.answer = answer;
	r = send_text("READY=1");
	ck_assert_int_lt(r, 0);
	if (r == -EINPROGRESS) {
		harness_settle(&loop);
		ck_assert(answers == 0 || last_answer < 0);
	} else {
		ck_assert_int_eq(answers, 0);
	}
	manager_socket_cancel(&host);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

START_TEST(nothing_is_left_open_or_watched)
{
	unsigned before = harness_open_fds();
	int fd = harness_host(&address);

	harness_fill(&address);
	ck_assert_int_eq(send_text("late"), -EINPROGRESS);
	manager_socket_deinit(&host);
	ck_assert_int_eq(host.fd, -1);
	ck_assert(!host.source.added);
	manager_socket_deinit(&host);
	close(fd);
	ck_assert_uint_eq(harness_open_fds(), before - 1);
}
END_TEST

/* What is at the address: nobody, a left-over, a manager, a manager whose queue is full. */
START_TEST(where_a_manager_is_or_may_come_there_is_no_obstacle)
{
	int fd = _i > 0 ? harness_host(&address) : -1;

	if (_i == 1)
		close(fd);
	if (_i == 3)
		harness_fill(&address);
	ck_assert_ptr_null(manager_socket_obstacle(&address));
	if (_i == 2)
		ck_assert_str_eq(harness_read(fd, NULL), "");
}
END_TEST

START_TEST(what_takes_no_datagram_is_an_obstacle)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET};
	int fd = socket(AF_UNIX, types[_i] | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_ptr_nonnull(manager_socket_obstacle(&address));
	close(fd);
}
END_TEST

START_TEST(what_is_no_socket_is_an_obstacle)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/notify", folder);
	if (_i == 0) {
		ck_assert_int_eq(mkdir(path, 0700), 0);
		ck_assert_str_eq(manager_socket_obstacle(&address), "it is a directory");
		return;
	}
	harness_put_text(path, "");
	ck_assert_str_eq(manager_socket_obstacle(&address), "it is no socket");
	strcat(path, "/below");
	address = harness_address(path);
	ck_assert_str_eq(manager_socket_obstacle(&address), strerror(ENOTDIR));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manager_socket");
	TCase *tcase = harness_case(suite, "unix");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_datagram_goes_to_a_path_whole);
	tcase_add_test(tcase, a_datagram_goes_to_an_abstract_name_exactly);
	tcase_add_test(tcase, a_descriptor_goes_with_it);
	tcase_add_test(tcase, nobody_there_is_an_error_at_once_and_somebody_new_is_found);
	tcase_add_test(tcase, a_full_queue_is_answered_when_it_has_room_and_not_before);
	tcase_add_test(tcase, a_full_receiver_that_is_replaced_is_answered_and_the_new_one_found);
	tcase_add_test(tcase, while_it_waits_for_room_another_send_goes_by_name);
	tcase_add_test(tcase, what_is_cancelled_is_not_answered);
	tcase_add_test(tcase, what_no_datagram_can_hold_is_too_large);
	tcase_add_test(
		tcase,
		the_kernel_says_pollout_when_the_peer_of_a_connected_datagram_socket_has_read);
	tcase_add_test(tcase, nothing_is_left_open_or_watched);
	tcase = harness_case(suite, "vsock");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, vsock_without_a_receiver_is_an_error_now_or_later);
	tcase = harness_case(suite, "obstacle");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, where_a_manager_is_or_may_come_there_is_no_obstacle, 0, 4);
	tcase_add_loop_test(tcase, what_takes_no_datagram_is_an_obstacle, 0, 2);
	tcase_add_loop_test(tcase, what_is_no_socket_is_an_obstacle, 0, 2);
	return harness_run(suite);
}
