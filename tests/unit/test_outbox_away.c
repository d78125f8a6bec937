/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of manager/outbox and manager/patience: a service manager that is away holds nobody twice, one that is slow does. */
#include "base/clock.h"
#include "harness_stderr.h"
#include "outbox_fixture.h"
#include "outbox_waiter.h"

static void setup_with_log(void)
{
	setup();
	harness_stderr();
	log_set_level(VSN_LOG_INFO);
}

static void teardown_with_log(void)
{
	teardown();
	harness_stderr_close();
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (text = strstr(text, what); text; text = strstr(text + 1, what))
		n++;
	return n;
}

/* The time comes at which the outbox has waited for HOLD_MAX_USEC; its retries do not come before. */
static void ten_seconds_pass(struct patience *patience)
{
	ck_assert_uint_ne(patience->timer.deadline_usec, 0);
	loop_timer_cancel(&outbox.retry);
	ck_assert_ptr_eq(loop.timers, &patience->timer);
	harness_fire(&loop, 0);
}

/* 0: nobody is there; 1: somebody is, and his queue is full. */
static int away(int how, int *fd)
{
	*fd = how ? harness_host(&address) : -1;
	return how ? (int)harness_fill(&address) : 0;
}

static void comes_back(int how, int *fd, int full)
{
	if (how == 0)
		*fd = harness_host(&address);
	while (full--)
		ck_assert_str_eq(harness_read(*fd, NULL), "full");
}

START_TEST(all_who_wait_are_let_go_together_and_nobody_waits_after_that)
{
	struct waiter first = {0}, second = {0}, later[8] = {0};
	int fd, full = away(_i, &fd);

	ck_assert(queue(&first, "Ab"));
	ck_assert(queue(&second, "C|"));
	ten_seconds_pass(&outbox.takes);
	ck_assert_int_eq(first.released, 1);
	ck_assert_int_eq(second.released, 1);
	for (int i = 0; i < 8; i++)
		ck_assert(!queue(&later[i], "D|"));
	comes_back(_i, &fd, full);
	ck_assert(!queue(&later[0], "E"));
	for (const char *each = "AbC"; *each; each++)
		ck_assert_int_eq(harness_read(fd, NULL)[0], *each);
	close(fd);
}
END_TEST

START_TEST(what_is_queued_meanwhile_is_delivered_in_order_and_then_holds_hold_again)
{
	struct waiter waiter = {0}, again = {0};
	char text[] = "B";
	int fd, full = away(_i, &fd);

	queue(&waiter, "A");
	ten_seconds_pass(&outbox.takes);
	for (; *text <= 'I'; ++*text)
		ck_assert(!queue(&waiter, text));
	comes_back(_i, &fd, full);
	ck_assert(!queue(&waiter, "J"));
	for (*text = 'A'; *text <= 'J'; ++*text)
		ck_assert_str_eq(harness_read(fd, NULL), text);
	ck_assert_str_eq(harness_read(fd, NULL), "");
	ck_assert(!outbox.takes.out);
	full = (int)harness_fill(&address);
	ck_assert(queue(&again, "K"));
	while (full--)
		harness_read(fd, NULL);
	harness_settle(&loop);
	ck_assert_int_eq(again.released, 1);
	ck_assert_int_eq(waiter.released, 1);
	close(fd);
}
END_TEST

/* The retry finds it; no guest has to speak for that. */
START_TEST(a_manager_that_comes_back_gets_what_is_kept_without_a_new_message)
{
	struct waiter waiter = {0};
	int fd;

	queue(&waiter, "A");
	ten_seconds_pass(&outbox.takes);
	queue(&waiter, "B");
	fd = harness_host(&address);
	harness_fire(&loop, 0);
	ck_assert_str_eq(harness_read(fd, NULL), "A");
	ck_assert_str_eq(harness_read(fd, NULL), "B");
	ck_assert(!outbox.takes.out);
	close(fd);
}
END_TEST

/* Its queue is full again and again, for a while each time; what it takes in between begins the ten seconds anew. */
START_TEST(a_manager_that_is_slow_is_not_away)
{
	int fd = harness_host(&address);
	struct waiter waiter = {0};

	for (int i = 1; i <= 5; i++) {
		uint64_t before = now_usec();

		harness_fill(&address);
		ck_assert(queue(&waiter, "A"));
		ck_assert_uint_ge(outbox.takes.timer.deadline_usec, before + HOLD_MAX_USEC);
		while (outbox.queue.first) {
			harness_read(fd, NULL);
			harness_round(&loop);
		}
		ck_assert_uint_eq(outbox.takes.timer.deadline_usec, 0);
		ck_assert_int_eq(waiter.released, i);
		while (*harness_read(fd, NULL))
			;
	}
	close(fd);
}
END_TEST

START_TEST(a_manager_that_answers_no_barrier_holds_nobody_twice)
{
	int fd = harness_host(&address), passed[2], none;
	struct waiter waiters[2] = {0}, later = {0}, again = {0};

	for (int i = 0; i < 2; i++) {
		ck_assert(queue(&waiters[i], "|"));
		harness_read(fd, &passed[i]);
	}
	ten_seconds_pass(&outbox.answers);
	ck_assert_int_eq(waiters[0].released, 1);
	ck_assert_int_eq(waiters[1].released, 1);
	for (int i = 0; i < 8; i++)
		ck_assert(!queue(&later, "A|"));
	for (int i = 0; i < 8; i++) {
		ck_assert_str_eq(harness_read(fd, &none), "A");
		ck_assert_int_eq(none, -1);
	}
	ck_assert_str_eq(harness_read(fd, NULL), "");
	close(passed[_i]);
	harness_settle(&loop);
	ck_assert(!outbox.answers.out);
	ck_assert(queue(&again, "|"));
	ck_assert_str_eq(harness_read(fd, &none), "BARRIER=1");
	close(none);
	close(passed[1 - _i]);
	harness_settle(&loop);
	ck_assert_int_eq(again.released, 1);
	ck_assert_uint_eq(outbox.answers.timer.deadline_usec, 0);
	close(fd);
}
END_TEST

/* A barrier that comes back while others are out shows that the manager works: the others have their time anew. */
START_TEST(a_barrier_that_returns_renews_the_patience_with_the_others)
{
	int fd = harness_host(&address), passed[2];
	struct waiter waiters[2] = {0};
	uint64_t before;

	for (int i = 0; i < 2; i++) {
		queue(&waiters[i], "|");
		harness_read(fd, &passed[i]);
	}
	before = now_usec();
	close(passed[0]);
	harness_settle(&loop);
	ck_assert_uint_ge(outbox.answers.timer.deadline_usec, before + HOLD_MAX_USEC);
	ck_assert_int_eq(waiters[1].released, 0);
	close(passed[1]);
	harness_settle(&loop);
	ck_assert_int_eq(waiters[1].released, 1);
	ck_assert_ptr_null(loop.timers);
	close(fd);
}
END_TEST

START_TEST(the_last_barrier_is_sent_also_if_none_is_answered)
{
	int fd = harness_host(&address), passed, last;
	struct waiter waiter = {0};

	queue(&waiter, "|");
	harness_read(fd, &passed);
	ten_seconds_pass(&outbox.answers);
	outbox_finish(&outbox, idle, &outbox);
	ck_assert_str_eq(harness_read(fd, &last), "BARRIER=1");
	close(passed);
	close(last);
	harness_settle(&loop);
	ck_assert_int_eq(idle_calls, 1);
	close(fd);
}
END_TEST

/* Who is let go sends again, or is the last one and ends everything. */
static void sends_again(struct hold *hold)
{
	struct waiter *waiter = container_of(hold, struct waiter, hold);

	waiter->released++;
	hold->released = NULL;
	ck_assert_int_eq(outbox_queue(&outbox, STATE, "Z", 1, hold), 0);
	ck_assert_uint_eq(hold->pending, 0);
	outbox_flush(&outbox);
}

static void ends_everything(struct hold *hold)
{
	container_of(hold, struct waiter, hold)->released++;
	outbox_finish(&outbox, idle, &outbox);
}

START_TEST(who_is_let_go_may_use_the_outbox)
{
	struct waiter first = {0}, second = {0}, third = {0};
	int fd, passed;

	queue(&first, "AB");
	queue(&second, "C|");
	queue(&third, "D");
	first.hold.released = sends_again;
	second.hold.released = ends_everything;
	ten_seconds_pass(&outbox.takes);
	ck_assert_int_eq(first.released, 1);
	ck_assert_int_eq(second.released, 1);
	ck_assert_int_eq(third.released, 1);
	fd = harness_host(&address);
	harness_fire(&loop, 0);
	for (const char *each = "ABC"; *each; each++)
		ck_assert_int_eq(harness_read(fd, NULL)[0], *each);
	harness_read(fd, &passed);
	close(passed);
	for (const char *each = "DZ"; *each; each++)
		ck_assert_int_eq(harness_read(fd, NULL)[0], *each);
	harness_read(fd, &passed);
	close(passed);
	harness_settle(&loop);
	ck_assert_int_eq(idle_calls, 1);
	close(fd);
}
END_TEST

START_TEST(the_log_says_once_that_it_is_away_and_once_that_it_is_back)
{
	struct waiter waiter = {0};
	const char *text;
	int fd;

	queue(&waiter, "A");
	ten_seconds_pass(&outbox.takes);
	for (int i = 0; i < 20; i++)
		queue(&waiter, "B");
	fd = harness_host(&address);
	queue(&waiter, "C");
	queue(&waiter, "D");
	text = written();
	ck_assert_msg(count(text, "has taken nothing for 10 s: guests do not wait for it") == 1 &&
	                      count(text, "takes notifications again") == 1,
	              "%s", text);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outbox_away");
	TCase *tcase = harness_case(suite, "takes nothing");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, all_who_wait_are_let_go_together_and_nobody_waits_after_that, 0,
	                    2);
	tcase_add_loop_test(
		tcase, what_is_queued_meanwhile_is_delivered_in_order_and_then_holds_hold_again, 0,
		2);
	tcase_add_test(tcase, a_manager_that_comes_back_gets_what_is_kept_without_a_new_message);
	tcase_add_test(tcase, a_manager_that_is_slow_is_not_away);
	tcase_add_test(tcase, who_is_let_go_may_use_the_outbox);
	tcase = harness_case(suite, "answers nothing");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_manager_that_answers_no_barrier_holds_nobody_twice, 0, 2);
	tcase_add_test(tcase, a_barrier_that_returns_renews_the_patience_with_the_others);
	tcase_add_test(tcase, the_last_barrier_is_sent_also_if_none_is_answered);
	tcase = harness_case(suite, "log");
	tcase_add_checked_fixture(tcase, setup_with_log, teardown_with_log);
	tcase_add_test(tcase, the_log_says_once_that_it_is_away_and_once_that_it_is_back);
	return harness_run(suite);
}
