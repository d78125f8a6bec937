/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of manager/manager_socket and outbox with a vsock address. The receiver is a unix socket of the same
 * type: socket(2), bind(2) and connect(2) of AF_VSOCK are led there, all else is the kernel's.
 */
#include <errno.h>
#include <sys/syscall.h>

#include "base/fd.h"
#include "base/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"
#include "manager/outbox.h"

static struct loop loop;
static struct outbox outbox;
static char *folder;
static struct address receiver_address;
static int receiver = -1;

/* The ports above this one are taken. */
static unsigned highest_free_port;
static unsigned bound_port;

int socket(int family, int type, int protocol)
{
	if (family == AF_VSOCK) {
		ck_assert_int_eq(type & 0xf, SOCK_SEQPACKET);
		family = AF_UNIX;
	}
	return (int)syscall(SYS_socket, family, type, protocol);
}

static struct sockaddr_vm as_vsock(const struct sockaddr *address)
{
	struct sockaddr_vm vsock;

	memcpy(&vsock, address, sizeof(vsock));
	return vsock;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family != AF_VSOCK)
		return (int)syscall(SYS_bind, fd, address, length);
	if (as_vsock(address).svm_port > highest_free_port) {
		errno = EADDRINUSE;
		return -1;
	}
	bound_port = as_vsock(address).svm_port;
	return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family != AF_VSOCK)
		return (int)syscall(SYS_connect, fd, address, length);
	ck_assert_uint_eq(as_vsock(address).svm_cid, 2);
	ck_assert_uint_eq(as_vsock(address).svm_port, 1234);
	ck_assert_uint_eq(length, sizeof(struct sockaddr_vm));
	return (int)syscall(SYS_connect, fd, &receiver_address.any, receiver_address.length);
}

static void receiver_listens(void)
{
	receiver =
		(int)syscall(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(receiver_address.local.sun_path);
	ck_assert_int_eq(bind(receiver, &receiver_address.any, receiver_address.length), 0);
	ck_assert_int_eq(listen(receiver, 8), 0);
}

static void setup(void)
{
	struct address address = harness_address("vsock:2:1234");

	log_set_level(0);
	folder = harness_folder();
	receiver_address = harness_address(harness_path(folder, "receiver"));
	highest_free_port = UINT32_MAX;
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(outbox_init(&outbox, &loop, &address), 0);
}

static void teardown(void)
{
	outbox_deinit(&outbox);
	loop_deinit(&loop);
	close_fd(&receiver);
	harness_remove(folder);
}

static void send_text(const char *text)
{
	ck_assert_int_eq(outbox_queue(&outbox, VSN_SEND_STATE, text, strlen(text), NULL), 0);
	outbox_flush(&outbox);
}

/* The next connection, once what can be sent on it has been; -1 where there is none. */
static int accepted(void)
{
	harness_settle(&loop);
	return accept4(receiver, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* Takes one datagram as a receiver does: to its end, then closes. */
static void check_taken(const char *expected)
{
	int fd = accepted();
	char byte;

	ck_assert_int_ge(fd, 0);
	ck_assert_str_eq(harness_read(fd, NULL), expected);
	ck_assert_int_eq(read(fd, &byte, 1), 0);
	close(fd);
	harness_settle(&loop);
}

START_TEST(each_datagram_is_a_connection_and_they_go_one_after_the_other)
{
	receiver_listens();
	send_text("a");
	send_text("b");
	check_taken("a");
	ck_assert_uint_eq(outbox.delivered, 1);
	check_taken("b");
	ck_assert_uint_eq(outbox.delivered, 2);
	ck_assert_int_eq(accepted(), -1);
	ck_assert_ptr_null(loop.timers);
	ck_assert_int_eq(outbox.manager.fd, -1);
}
END_TEST

START_TEST(it_is_delivered_when_the_receiver_ends_and_not_before)
{
	int fd;

	receiver_listens();
	send_text("a");
	fd = accepted();
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	harness_settle(&loop);
	ck_assert_uint_eq(outbox.delivered, 0);
	/* neither does the retry timer send it a second time meanwhile */
	harness_fire(&loop, 0);
	ck_assert_int_eq(accepted(), -1);
	close(fd);
	harness_settle(&loop);
	ck_assert_uint_eq(outbox.delivered, 1);
}
END_TEST

START_TEST(a_receiver_that_closes_without_reading_has_taken_nothing)
{
	receiver_listens();
	send_text("a");
	close(accepted());
	harness_settle(&loop);
	ck_assert_uint_eq(outbox.delivered, 0);
	harness_fire(&loop, 0);
	check_taken("a");
	ck_assert_uint_eq(outbox.delivered, 1);
}
END_TEST

START_TEST(nobody_there_is_tried_again)
{
	send_text("a");
	for (int i = 0; i < 3; i++)
		harness_fire(&loop, 0);
	ck_assert_int_eq(outbox.manager.fd, -1);
	receiver_listens();
	harness_fire(&loop, 0);
	check_taken("a");
	ck_assert_uint_eq(outbox.delivered, 1);
}
END_TEST

START_TEST(it_comes_from_a_privileged_port_where_one_is_to_be_had)
{
	receiver_listens();
	send_text("a");
	ck_assert_uint_eq(bound_port, 1023);
	check_taken("a");
	highest_free_port = 7;
	send_text("b");
	ck_assert_uint_eq(bound_port, 7);
	check_taken("b");
	highest_free_port = 0;
	send_text("c");
	check_taken("c");
}
END_TEST

static int released_calls, idle_calls;

static void released(struct hold *hold)
{
	(void)hold;
	released_calls++;
}

static void idle(void *user)
{
	(void)user;
	idle_calls++;
}

/* No descriptor goes over vsock: that all before it has been taken stands for the barrier. */
START_TEST(a_barrier_is_back_when_all_before_it_has_been_taken)
{
	struct hold hold = {.released = released};

	receiver_listens();
	ck_assert_int_eq(outbox_queue(&outbox, VSN_SEND_STATE, "a", 1, &hold), 0);
	ck_assert_int_eq(outbox_barrier(&outbox, &hold), 0);
	outbox_flush(&outbox);
	ck_assert_uint_eq(hold.pending, 2);
	outbox_finish(&outbox, idle, &outbox);
	harness_settle(&loop);
	ck_assert_int_eq(released_calls, 0);
	ck_assert_int_eq(idle_calls, 0);
	check_taken("a");
	ck_assert_int_eq(released_calls, 1);
	ck_assert_int_eq(idle_calls, 1);
	ck_assert_int_eq(accepted(), -1);
}
END_TEST

START_TEST(what_is_under_way_can_be_given_up)
{
	unsigned before = harness_open_fds();
	int fd;

	receiver_listens();
	send_text("a");
	outbox_deinit(&outbox);
	fd = accepted();
	close(fd);
	close_fd(&receiver);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host_vsock");
	TCase *tcase = harness_case(suite, "vsock");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, each_datagram_is_a_connection_and_they_go_one_after_the_other);
	tcase_add_test(tcase, it_is_delivered_when_the_receiver_ends_and_not_before);
	tcase_add_test(tcase, a_receiver_that_closes_without_reading_has_taken_nothing);
	tcase_add_test(tcase, nobody_there_is_tried_again);
	tcase_add_test(tcase, it_comes_from_a_privileged_port_where_one_is_to_be_had);
	tcase_add_test(tcase, a_barrier_is_back_when_all_before_it_has_been_taken);
	tcase_add_test(tcase, what_is_under_way_can_be_given_up);
	return harness_run(suite);
}
