/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of manager/outbox: holds that are released once, barriers there and back, and the last act. */
#include "base/clock.h"
#include "outbox_fixture.h"
#include "outbox_waiter.h"

static void drain(int fd)
{
	while (*harness_read(fd, NULL))
		harness_round(&loop);
	harness_settle(&loop);
}

START_TEST(what_is_delivered_at_once_leaves_nothing_to_wait_for)
{
	int fd = harness_host(&address);
	struct waiter waiter = {0};

	ck_assert(!queue(&waiter, "ABC"));
	ck_assert(!queue(&waiter, ""));
	ck_assert_int_eq(waiter.released, 0);
	close(fd);
}
END_TEST

START_TEST(a_hold_is_released_once_when_its_last_datagram_is_delivered)
{
	int fd = harness_host(&address);
	struct waiter first = {0}, second = {0};

	harness_fill(&address);
	ck_assert(queue(&first, "AbC"));
	ck_assert(queue(&second, "D"));
	ck_assert_uint_eq(first.hold.pending, 3);
	harness_settle(&loop);
	ck_assert_int_eq(first.released, 0);
	drain(fd);
	ck_assert_int_eq(first.released, 1);
	ck_assert_int_eq(second.released, 1);
	close(fd);
}
END_TEST

START_TEST(a_hold_is_released_once_when_what_it_waits_for_is_dropped)
{
	struct waiter first = {0}, old = {0};

	ck_assert(queue(&first, "A"));
	ck_assert(queue(&old, "bc"));
	harness_fire(&loop, now_usec() + SEND_QUEUE_AGE_USEC);
	ck_assert_int_eq(old.released, 1);
	ck_assert_int_eq(first.released, 0);
	ck_assert_uint_eq(outbox.dropped, 2);
}
END_TEST

START_TEST(what_is_refused_because_of_a_full_backlog_is_not_waited_for)
{
	struct waiter waiter = {.hold.released = released};
	static char text[4096];

	while (outbox_queue(&outbox, STATE, text, sizeof(text), NULL) == 0)
		;
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, sizeof(text), &waiter.hold), -ENOBUFS);
	ck_assert_int_eq(outbox_queue(&outbox, PROGRESS, text, 1, &waiter.hold), -ENOBUFS);
	ck_assert_uint_eq(waiter.hold.pending, 0);
	ck_assert_int_eq(waiter.released, 0);
}
END_TEST

/* A message's own second datagram pushes its first one out, before its owner waits. */
START_TEST(while_it_is_being_queued_a_hold_is_not_released)
{
	struct waiter waiter = {0}, first = {0};
	static char text[4096];

	ck_assert(queue(&first, "A"));
	while (outbox.queue.bytes + 2 * (sizeof(struct datagram) + sizeof(text)) <=
	       SEND_QUEUE_BYTES)
		ck_assert_int_eq(outbox_queue(&outbox, STATE, text, sizeof(text), NULL), 0);
	ck_assert_int_eq(outbox_queue(&outbox, PROGRESS, text, sizeof(text), &waiter.hold), 0);
	ck_assert_int_eq(outbox_queue(&outbox, STATE, text, sizeof(text), &waiter.hold), 0);
	ck_assert_uint_eq(outbox.dropped, 1);
	ck_assert_uint_eq(waiter.hold.pending, 1);
	ck_assert_int_eq(waiter.released, 0);
}
END_TEST

/* All that was queued is dropped before its owner waits: the owner sees that there is nothing to wait for. */
START_TEST(a_hold_is_not_released_before_its_owner_waits)
{
	int fd = harness_host(&address);
	struct waiter waiter = {0};

	ck_assert_int_eq(outbox_queue(&outbox, STATE, "A", 1, &waiter.hold), 0);
	ck_assert_ptr_null(waiter.hold.released);
	outbox_flush(&outbox);
	ck_assert_uint_eq(waiter.hold.pending, 0);
	ck_assert_str_eq(harness_read(fd, NULL), "A");
	close(fd);
}
END_TEST

START_TEST(a_cancelled_hold_is_never_released_and_its_datagrams_still_go)
{
	int fd = harness_host(&address), passed;
	struct waiter *waiter = calloc(1, sizeof(*waiter));
	unsigned count = harness_fill(&address);

	ck_assert_ptr_nonnull(waiter);
	ck_assert(queue(waiter, "A|"));
	outbox_cancel(&outbox, &waiter->hold);
	ck_assert_uint_eq(waiter->hold.pending, 0);
	free(waiter);
	while (count--)
		ck_assert_str_eq(harness_read(fd, NULL), "full");
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(fd, NULL), "A");
	ck_assert_str_eq(harness_read(fd, &passed), "BARRIER=1");
	close(passed);
	harness_settle(&loop);
	ck_assert_ptr_null(outbox.barriers.first);
	close(fd);
}
END_TEST

START_TEST(a_barrier_is_back_when_the_manager_closes_what_came_with_it)
{
	int fd = harness_host(&address), passed;
	struct waiter waiter = {0};

	ck_assert(queue(&waiter, "A|"));
	ck_assert_str_eq(harness_read(fd, NULL), "A");
	ck_assert_str_eq(harness_read(fd, &passed), "BARRIER=1");
	ck_assert_int_ge(passed, 0);
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 0);
	close(passed);
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 1);
	ck_assert_ptr_null(outbox.barriers.first);
	close(fd);
}
END_TEST

START_TEST(a_barrier_that_the_manager_dies_with_is_back_too)
{
	int fd = harness_host(&address);
	struct waiter waiter = {0};

	ck_assert(queue(&waiter, "|"));
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 0);
	close(fd);
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 1);
}
END_TEST

START_TEST(barriers_are_told_apart)
{
	int fd = harness_host(&address), passed[3];
	struct waiter waiters[3] = {0};

	for (int i = 0; i < 3; i++) {
		ck_assert(queue(&waiters[i], "|"));
		harness_read(fd, &passed[i]);
	}
	outbox_cancel(&outbox, &waiters[0].hold);
	close(passed[0]);
	close(passed[1]);
	harness_settle(&loop);
	ck_assert_int_eq(waiters[0].released, 0);
	ck_assert_int_eq(waiters[1].released, 1);
	ck_assert_int_eq(waiters[2].released, 0);
	close(passed[2]);
	harness_settle(&loop);
	ck_assert_int_eq(waiters[2].released, 1);
	close(fd);
}
END_TEST

START_TEST(a_barrier_nobody_takes_leaves_no_pipe_and_is_sent_again)
{
	unsigned before = harness_open_fds();
	struct waiter waiter = {0};
	int fd, passed;

	ck_assert(queue(&waiter, "|"));
	for (int i = 0; i < 5; i++)
		harness_fire(&loop, 0);
	ck_assert_uint_eq(harness_open_fds(), before);
	fd = harness_host(&address);
	harness_fire(&loop, 0);
	ck_assert_str_eq(harness_read(fd, &passed), "BARRIER=1");
	ck_assert_str_eq(harness_read(fd, NULL), "");
	close(passed);
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 1);
	close(fd);
}
END_TEST

START_TEST(the_last_act_is_a_barrier_and_idle_comes_when_it_is_back)
{
	int fd = harness_host(&address), passed;
	unsigned count = harness_fill(&address);

	ck_assert_int_eq(outbox_queue(&outbox, STATE, "A", 1, NULL), 0);
	outbox_finish(&outbox, idle, &outbox);
	while (count--)
		harness_read(fd, NULL);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(fd, NULL), "A");
	ck_assert_str_eq(harness_read(fd, &passed), "BARRIER=1");
	harness_settle(&loop);
	ck_assert_int_eq(idle_calls, 0);
	close(passed);
	harness_settle(&loop);
	ck_assert_int_eq(idle_calls, 1);
	close(fd);
}
END_TEST

START_TEST(idle_waits_for_the_barriers_of_guests_too)
{
	int fd = harness_host(&address), guest, last;
	struct waiter waiter = {0};

	ck_assert(queue(&waiter, "|"));
	outbox_finish(&outbox, idle, &outbox);
	harness_read(fd, &guest);
	harness_read(fd, &last);
	close(last);
	harness_settle(&loop);
	ck_assert_int_eq(idle_calls, 0);
	close(guest);
	harness_settle(&loop);
	ck_assert_int_eq(waiter.released, 1);
	ck_assert_int_eq(idle_calls, 1);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outbox_hold");
	TCase *tcase = harness_case(suite, "hold");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_is_delivered_at_once_leaves_nothing_to_wait_for);
	tcase_add_test(tcase, a_hold_is_released_once_when_its_last_datagram_is_delivered);
	tcase_add_test(tcase, a_hold_is_released_once_when_what_it_waits_for_is_dropped);
	tcase_add_test(tcase, what_is_refused_because_of_a_full_backlog_is_not_waited_for);
	tcase_add_test(tcase, while_it_is_being_queued_a_hold_is_not_released);
	tcase_add_test(tcase, a_hold_is_not_released_before_its_owner_waits);
	tcase_add_test(tcase, a_cancelled_hold_is_never_released_and_its_datagrams_still_go);
	tcase = harness_case(suite, "barrier");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_barrier_is_back_when_the_manager_closes_what_came_with_it);
	tcase_add_test(tcase, a_barrier_that_the_manager_dies_with_is_back_too);
	tcase_add_test(tcase, barriers_are_told_apart);
	tcase_add_test(tcase, a_barrier_nobody_takes_leaves_no_pipe_and_is_sent_again);
	tcase = harness_case(suite, "finish");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_last_act_is_a_barrier_and_idle_comes_when_it_is_back);
	tcase_add_test(tcase, idle_waits_for_the_barriers_of_guests_too);
	return harness_run(suite);
}
