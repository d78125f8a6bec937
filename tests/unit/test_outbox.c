/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of manager/outbox: order, retries and recovery, with a real socket and timers fired by hand. */
#include <sys/syscall.h>

#include "base/clock.h"
#include "base/macros.h"
#include "outbox_fixture.h"

/* The kernel takes 4096 bytes whatever its settings: this one stands for what it does not take. */
#define TOO_LARGE "too large"

/* In the place of libc's. */
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (memcmp(message->msg_iov->iov_base, TOO_LARGE, min_u64(message->msg_iov->iov_len, 3)) ==
	    0) {
		errno = EMSGSIZE;
		return -1;
	}
	return syscall(SYS_sendmsg, fd, message, flags);
}

static void send_text(enum vsn_send_class send_class, const char *text)
{
	ck_assert_int_eq(outbox_queue(&outbox, send_class, text, strlen(text), NULL), 0);
	outbox_flush(&outbox);
}

START_TEST(what_the_host_takes_is_delivered_at_once_and_in_order)
{
	int fd = harness_host(&address);

	send_text(STATE, "a");
	send_text(PROGRESS, "b");
	send_text(STATE, "c");
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	ck_assert_str_eq(harness_read(fd, NULL), "b");
	ck_assert_str_eq(harness_read(fd, NULL), "c");
	ck_assert_str_eq(harness_read(fd, NULL), "");
	ck_assert_uint_eq(outbox.delivered, 3);
	ck_assert_ptr_null(outbox.queue.first);
	ck_assert_ptr_null(loop.timers);
	close(fd);
}
END_TEST

START_TEST(sizes_of_1_to_4096_are_taken_and_no_others)
{
	int fd = harness_host(&address);
	static char text[4097];

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, 0, NULL), -EMSGSIZE);
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, 4097, NULL), -EMSGSIZE);
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, 1, NULL), 0);
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, 4096, NULL), 0);
	ck_assert_str_eq(harness_read(fd, NULL), "");
	outbox_flush(&outbox);
	ck_assert_uint_eq(strlen(harness_read(fd, NULL)), 1);
	ck_assert_uint_eq(strlen(harness_read(fd, NULL)), 4096);
	close(fd);
}
END_TEST

START_TEST(what_is_behind_a_full_queue_keeps_its_order_when_there_is_room)
{
	int fd = harness_host(&address);
	unsigned count = harness_fill(&address);

	send_text(STATE, "a");
	send_text(PROGRESS, "b");
	send_text(STATE, "c");
	harness_settle(&loop);
	ck_assert_uint_eq(outbox.delivered, 0);
	while (count--)
		ck_assert_str_eq(harness_read(fd, NULL), "full");
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	ck_assert_str_eq(harness_read(fd, NULL), "b");
	ck_assert_str_eq(harness_read(fd, NULL), "c");
	ck_assert_uint_eq(outbox.delivered, 3);
	ck_assert_ptr_null(loop.timers);
	close(fd);
}
END_TEST

/* More than a queue of the host's holds, taken in one by one. */
START_TEST(many_are_delivered_in_order_to_a_slow_reader)
{
	int fd = harness_host(&address);
	char text[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		send_text(i % 3 ? PROGRESS : STATE, text);
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		ck_assert_str_eq(harness_read(fd, NULL), text);
		harness_round(&loop);
		harness_round(&loop);
	}
	ck_assert_uint_eq(outbox.delivered, 1000);
	ck_assert_uint_eq(outbox.dropped, 0);
	close(fd);
}
END_TEST

/* Nobody there from the start, or a manager that has just died: nothing overtakes, all recovers. */
START_TEST(nobody_there_is_tried_again_until_there_is_somebody)
{
	int fd;

	if (_i == 1)
		close(harness_host(&address));
	send_text(STATE, "a");
	send_text(STATE, "b");
	for (int i = 0; i < 5; i++)
		harness_fire(&loop, 0);
	ck_assert_uint_eq(outbox.delivered, 0);
	unlink(address.local.sun_path);
	fd = harness_host(&address);
	send_text(STATE, "c");
	ck_assert_str_eq(harness_read(fd, NULL), "");
	harness_fire(&loop, 0);
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	ck_assert_str_eq(harness_read(fd, NULL), "b");
	ck_assert_str_eq(harness_read(fd, NULL), "c");
	send_text(STATE, "d");
	ck_assert_str_eq(harness_read(fd, NULL), "d");
	ck_assert_uint_eq(outbox.dropped, 0);
	close(fd);
}
END_TEST

START_TEST(the_pause_doubles_from_2_ms_to_200_ms_and_starts_over_after_a_delivery)
{
	static const uint64_t pauses[] = {2000,  4000,   8000,   16000, 32000,
	                                  64000, 128000, 200000, 200000};
	int fd;

	send_text(STATE, "a");
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		ck_assert_uint_eq(outbox.retry_usec, pauses[i]);
		harness_fire(&loop, 0);
	}
	fd = harness_host(&address);
	harness_fire(&loop, 0);
	ck_assert_uint_eq(outbox.delivered, 1);
	close(fd);
	send_text(STATE, "b");
	ck_assert_uint_eq(outbox.retry_usec, 2000);
}
END_TEST

/* A full receiver that hangs and is replaced under the same name: no EPOLLOUT ever comes of it. */
START_TEST(behind_a_full_queue_it_is_tried_all_the_same)
{
	int fd = harness_host(&address), new_fd;

	harness_fill(&address);
	send_text(STATE, "a");
	unlink(address.local.sun_path);
	new_fd = harness_host(&address);
	harness_fire(&loop, 0);
	ck_assert_str_eq(harness_read(new_fd, NULL), "a");
	close(fd);
	close(new_fd);
}
END_TEST

START_TEST(what_is_too_large_for_the_socket_is_dropped_and_the_rest_goes_on)
{
	int fd = harness_host(&address);

	send_text(STATE, "a");
	send_text(STATE, TOO_LARGE);
	send_text(STATE, "b");
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	ck_assert_str_eq(harness_read(fd, NULL), "b");
	ck_assert_uint_eq(outbox.dropped, 1);
	ck_assert_ptr_null(outbox.queue.first);
	ck_assert_ptr_null(loop.timers);
	close(fd);
}
END_TEST

START_TEST(while_the_manager_is_away_old_progress_is_dropped_and_state_is_kept)
{
	int fd;

	send_text(STATE, "a");
	send_text(PROGRESS, "b");
	send_text(STATE, "c");
	harness_fire(&loop, now_usec() + SEND_QUEUE_AGE_USEC);
	ck_assert_uint_eq(outbox.dropped, 1);
	fd = harness_host(&address);
	harness_fire(&loop, 0);
	ck_assert_str_eq(harness_read(fd, NULL), "a");
	ck_assert_str_eq(harness_read(fd, NULL), "c");
	ck_assert_str_eq(harness_read(fd, NULL), "");
	close(fd);
}
END_TEST

START_TEST(without_an_address_everything_is_dealt_with_at_once)
{
	struct outbox nowhere;
	struct hold hold = {0};

	ck_assert_int_eq(outbox_init(&nowhere, &loop, NULL), 0);
	ck_assert_int_eq(outbox_queue(&nowhere, STATE, "a", 1, &hold), 0);
	ck_assert_int_eq(outbox_barrier(&nowhere, &hold), 0);
	ck_assert_uint_eq(hold.pending, 0);
	outbox_flush(&nowhere);
	ck_assert_int_eq(outbox_queue(&nowhere, STATE, "a", 0, NULL), -EMSGSIZE);
	outbox_finish(&nowhere, idle, &outbox);
	ck_assert_int_eq(idle_calls, 1);
	outbox_deinit(&nowhere);
}
END_TEST

START_TEST(nothing_is_left_open_whatever_is_queued)
{
	unsigned before = harness_open_fds();
	int fd = harness_host(&address);

	ck_assert_int_eq(outbox_barrier(&outbox, NULL), 0);
	outbox_flush(&outbox);
	harness_fill(&address);
	send_text(STATE, "a");
	ck_assert_int_eq(outbox_barrier(&outbox, NULL), 0);
	outbox_flush(&outbox);
	outbox_deinit(&outbox);
	ck_assert_ptr_null(loop.timers);
	close(fd);
	ck_assert_uint_eq(harness_open_fds(), before - 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outbox");
	TCase *tcase = harness_case(suite, "delivery");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_the_host_takes_is_delivered_at_once_and_in_order);
	tcase_add_test(tcase, sizes_of_1_to_4096_are_taken_and_no_others);
	tcase_add_test(tcase, what_is_behind_a_full_queue_keeps_its_order_when_there_is_room);
	tcase_add_test(tcase, many_are_delivered_in_order_to_a_slow_reader);
	tcase_add_test(tcase, without_an_address_everything_is_dealt_with_at_once);
	tcase_add_test(tcase, nothing_is_left_open_whatever_is_queued);
	tcase = harness_case(suite, "retry");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, nobody_there_is_tried_again_until_there_is_somebody, 0, 2);
	tcase_add_test(tcase,
	               the_pause_doubles_from_2_ms_to_200_ms_and_starts_over_after_a_delivery);
	tcase_add_test(tcase, behind_a_full_queue_it_is_tried_all_the_same);
	tcase_add_test(tcase, what_is_too_large_for_the_socket_is_dropped_and_the_rest_goes_on);
	tcase_add_test(tcase, while_the_manager_is_away_old_progress_is_dropped_and_state_is_kept);
	return harness_run(suite);
}
