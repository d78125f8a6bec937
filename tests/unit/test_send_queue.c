/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of manager/send_queue: order, bounds, and what is dropped. */
#include "manager/send_queue.h"

#include <errno.h>

#include "harness.h"

#define STATE    VSN_SEND_STATE
#define PROGRESS VSN_SEND_PROGRESS

/* With these 64 fill SEND_QUEUE_BYTES exactly. */
#define BIG (SEND_QUEUE_BYTES / 64 - sizeof(struct datagram))

static char filling[SEND_QUEUE_BYTES_STATE];

/* A datagram whose first byte is its name. */
static struct datagram *make(enum vsn_send_class send_class, char name, size_t length,
                             uint64_t queued_usec)
{
	struct datagram *datagram;

	filling[0] = name;
	datagram = datagram_new(send_class, filling, length, queued_usec);
	ck_assert_ptr_nonnull(datagram);
	return datagram;
}

/* The names of a list, which is freed. */
static const char *names(struct datagram *list)
{
	static char text[256];
	size_t used = 0;

	while (list) {
		struct datagram *next = list->next;

		ck_assert_uint_lt(used + 1, sizeof(text));
		text[used++] = list->text[0];
		free(list);
		list = next;
	}
	text[used] = '\0';
	return text;
}

/* Pushes; returns the names of what was dropped. */
static const char *push(struct send_queue *queue, enum vsn_send_class send_class, char name,
                        size_t length)
{
	struct datagram *dropped;

	ck_assert_int_eq(send_queue_push(queue, make(send_class, name, length, 1), &dropped), 0);
	return names(dropped);
}

static void check_refused(struct send_queue *queue, enum vsn_send_class send_class, size_t length)
{
	struct datagram *datagram = make(send_class, 'x', length, 1);
	struct datagram *dropped;
	size_t bytes = queue->bytes;

	ck_assert_int_eq(send_queue_push(queue, datagram, &dropped), -ENOBUFS);
	ck_assert_ptr_null(dropped);
	ck_assert_uint_eq(queue->bytes, bytes);
	free(datagram);
}

/* Takes all off; returns the names in order. */
static const char *drained(struct send_queue *queue)
{
	struct datagram *list = NULL, **end = &list;

	while ((*end = send_queue_pop(queue))) {
		ck_assert_ptr_null((*end)->next);
		end = &(*end)->next;
	}
	ck_assert_uint_eq(queue->bytes, 0);
	ck_assert_ptr_null(queue->first);
	ck_assert_ptr_null(queue->last);
	return names(list);
}

static void fill(struct send_queue *queue, enum vsn_send_class send_class, char name, int count)
{
	for (int i = 0; i < count; i++)
		ck_assert_str_eq(push(queue, send_class, name, BIG), "");
}

START_TEST(a_datagram_is_a_copy_with_its_time_and_class)
{
	char text[] = "READY=1";
	struct datagram *datagram = datagram_new(PROGRESS, text, strlen(text), 42);

	text[0] = 'X';
	ck_assert_mem_eq(datagram->text, "READY=1", 7);
	ck_assert_uint_eq(datagram->length, 7);
	ck_assert_uint_eq(datagram->queued_usec, 42);
	ck_assert_int_eq(datagram->send_class, PROGRESS);
	ck_assert_ptr_null(datagram->hold);
	ck_assert_ptr_null(datagram->next);
	ck_assert(!datagram->barrier);
	free(datagram);
}
END_TEST

START_TEST(first_in_is_first_out_whatever_the_class)
{
	struct send_queue queue = {0};

	ck_assert_ptr_null(send_queue_pop(&queue));
	push(&queue, STATE, 'a', 1);
	push(&queue, PROGRESS, 'b', 1);
	push(&queue, STATE, 'c', 1);
	ck_assert_uint_eq(queue.bytes, 3 * (sizeof(struct datagram) + 1));
	ck_assert_str_eq(drained(&queue), "abc");
	push(&queue, PROGRESS, 'd', 1);
	push(&queue, STATE, 'e', 1);
	ck_assert_str_eq(drained(&queue), "de");
}
END_TEST

START_TEST(exactly_full_drops_nothing_and_one_byte_more_the_oldest_but_the_first)
{
	struct send_queue queue = {0};

	push(&queue, PROGRESS, 'a', BIG);
	push(&queue, PROGRESS, 'b', BIG);
	fill(&queue, PROGRESS, '.', 61);
	ck_assert_str_eq(push(&queue, PROGRESS, 'y', BIG), "");
	ck_assert_uint_eq(queue.bytes, SEND_QUEUE_BYTES);
	ck_assert_str_eq(push(&queue, PROGRESS, 'z', 1), "b");
	ck_assert_uint_le(queue.bytes, SEND_QUEUE_BYTES);
	ck_assert_str_eq(drained(&queue),
	                 "a............................................................."
	                 "yz");
}
END_TEST

START_TEST(a_large_one_drops_as_many_as_it_needs_oldest_first)
{
	struct send_queue queue = {0};

	push(&queue, STATE, 'a', BIG);
	push(&queue, PROGRESS, 'b', BIG);
	push(&queue, STATE, 'c', BIG);
	push(&queue, PROGRESS, 'd', BIG);
	push(&queue, PROGRESS, 'e', BIG);
	fill(&queue, STATE, '.', 59);
	ck_assert_uint_eq(queue.bytes, SEND_QUEUE_BYTES);
	ck_assert_str_eq(push(&queue, STATE, 'f', 2 * BIG), "bd");
	ck_assert_str_eq(drained(&queue),
	                 "ace...........................................................f");
}
END_TEST

START_TEST(dropping_the_last_leaves_a_queue_that_can_be_appended_to)
{
	struct send_queue queue = {0};

	fill(&queue, STATE, '.', 63);
	push(&queue, PROGRESS, 'a', BIG);
	ck_assert_str_eq(push(&queue, STATE, 'b', BIG), "a");
	ck_assert_int_eq(queue.last->text[0], 'b');
	ck_assert_ptr_null(queue.last->next);
	drained(&queue);
}
END_TEST

START_TEST(progress_is_refused_where_only_state_is_before_it)
{
	struct send_queue queue = {0};

	fill(&queue, STATE, '.', 64);
	check_refused(&queue, PROGRESS, 1);
	drained(&queue);
}
END_TEST

START_TEST(state_is_taken_up_to_the_hard_bound_exactly)
{
	struct send_queue queue = {0};

	fill(&queue, STATE, '.', 127);
	ck_assert_str_eq(push(&queue, STATE, 'a', BIG), "");
	ck_assert_uint_eq(queue.bytes, SEND_QUEUE_BYTES_STATE);
	check_refused(&queue, STATE, 0);
	check_refused(&queue, PROGRESS, 0);
	free(send_queue_pop(&queue));
	ck_assert_str_eq(push(&queue, STATE, 'b', BIG), "");
	drained(&queue);
}
END_TEST

START_TEST(the_first_is_left_alone_even_where_it_is_the_only_progress)
{
	struct send_queue queue = {0};

	push(&queue, PROGRESS, 'a', BIG);
	fill(&queue, STATE, '.', 63);
	ck_assert_str_eq(push(&queue, STATE, 'b', BIG), "");
	ck_assert_uint_gt(queue.bytes, SEND_QUEUE_BYTES);
	ck_assert_int_eq(queue.first->text[0], 'a');
	drained(&queue);
}
END_TEST

static void push_at(struct send_queue *queue, enum vsn_send_class send_class, char name,
                    uint64_t queued_usec)
{
	struct datagram *dropped;

	ck_assert_int_eq(send_queue_push(queue, make(send_class, name, 1, queued_usec), &dropped),
	                 0);
	ck_assert_ptr_null(dropped);
}

START_TEST(progress_that_is_too_old_expires_but_the_first_and_state_do_not)
{
	struct send_queue queue = {0};

	push_at(&queue, PROGRESS, 'a', 100);
	push_at(&queue, PROGRESS, 'b', 100);
	push_at(&queue, STATE, 'c', 100);
	push_at(&queue, PROGRESS, 'd', 200);
	push_at(&queue, PROGRESS, 'e', 201);
	push_at(&queue, PROGRESS, 'f', 300);
	ck_assert_ptr_null(send_queue_expire(&queue, 0));
	ck_assert_ptr_null(send_queue_expire(&queue, 99 + SEND_QUEUE_AGE_USEC));
	ck_assert_str_eq(names(send_queue_expire(&queue, 200 + SEND_QUEUE_AGE_USEC)), "bd");
	ck_assert_ptr_null(send_queue_expire(&queue, 200 + SEND_QUEUE_AGE_USEC));
	ck_assert_str_eq(names(send_queue_expire(&queue, UINT64_MAX)), "ef");
	ck_assert_int_eq(queue.last->text[0], 'c');
	ck_assert_str_eq(drained(&queue), "ac");
	ck_assert_ptr_null(send_queue_expire(&queue, UINT64_MAX));
}
END_TEST

START_TEST(a_hold_is_forgotten_of_all_its_datagrams_and_no_others)
{
	struct send_queue queue = {0};
	struct hold mine = {0}, other = {0};
	struct datagram *datagram;
	struct hold *const holds[] = {&mine, &other, NULL, &mine};

	for (char name = 'a'; name <= 'd'; name++) {
		push(&queue, STATE, name, 1);
		queue.last->hold = holds[name - 'a'];
	}
	send_queue_forget_hold(&queue, &mine);
	datagram = queue.first;
	ck_assert_ptr_null(datagram->hold);
	ck_assert_ptr_eq(datagram->next->hold, &other);
	ck_assert_ptr_null(datagram->next->next->hold);
	ck_assert_ptr_null(datagram->next->next->next->hold);
	ck_assert_str_eq(drained(&queue), "abcd");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("queue");
	TCase *tcase = harness_case(suite, "queue");

	tcase_add_test(tcase, a_datagram_is_a_copy_with_its_time_and_class);
	tcase_add_test(tcase, first_in_is_first_out_whatever_the_class);
	tcase_add_test(tcase, a_hold_is_forgotten_of_all_its_datagrams_and_no_others);
	tcase = harness_case(suite, "bounds");
	tcase_add_test(tcase,
	               exactly_full_drops_nothing_and_one_byte_more_the_oldest_but_the_first);
	tcase_add_test(tcase, a_large_one_drops_as_many_as_it_needs_oldest_first);
	tcase_add_test(tcase, dropping_the_last_leaves_a_queue_that_can_be_appended_to);
	tcase_add_test(tcase, progress_is_refused_where_only_state_is_before_it);
	tcase_add_test(tcase, state_is_taken_up_to_the_hard_bound_exactly);
	tcase_add_test(tcase, the_first_is_left_alone_even_where_it_is_the_only_progress);
	tcase = harness_case(suite, "age");
	tcase_add_test(tcase, progress_that_is_too_old_expires_but_the_first_and_state_do_not);
	return harness_run(suite);
}
