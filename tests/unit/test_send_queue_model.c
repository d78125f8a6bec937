/* SPDX-License-Identifier: Apache-2.0 */
/* manager/send_queue against a simple model of its rules, step by step through random lives (fixed seeds). */
#include "manager/send_queue.h"

#include <errno.h>
#include <stdbool.h>

#include "harness.h"

#define STEPS 20000
#define LIVES 8

/* The model: an array, oldest first, searched and shifted for every operation. */
struct entry {
	uint32_t number;
	bool progress;
	size_t length;
	uint64_t queued_usec;
};

struct model {
	struct entry entries[16384];
	size_t count;
};

static uint32_t random_state;

/* xorshift32: the same lives on every machine. */
static uint32_t random_below(uint32_t bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % bound;
}

static size_t entry_cost(const struct entry *entry)
{
	return sizeof(struct datagram) + entry->length;
}

static size_t model_bytes(const struct model *model)
{
	size_t bytes = 0;

	for (size_t i = 0; i < model->count; i++)
		bytes += entry_cost(&model->entries[i]);
	return bytes;
}

static struct entry model_remove(struct model *model, size_t at)
{
	struct entry entry = model->entries[at];

	model->count--;
	memmove(&model->entries[at], &model->entries[at + 1], (model->count - at) * sizeof(entry));
	return entry;
}

/* The oldest progress behind the first, queued by then; count where there is none. */
static size_t model_victim(const struct model *model, uint64_t queued_by_usec)
{
	size_t at = 1;

	while (at < model->count &&
	       (!model->entries[at].progress || model->entries[at].queued_usec > queued_by_usec))
		at++;
	return at < model->count ? at : model->count;
}

/* Takes the head of the list *dropped, which must be that entry. */
static void check_dropped(struct datagram **dropped, const struct entry *entry)
{
	struct datagram *datagram = *dropped;
	uint32_t number;

	ck_assert_ptr_nonnull(datagram);
	memcpy(&number, datagram->text, sizeof(number));
	ck_assert_uint_eq(number, entry->number);
	ck_assert_uint_eq(datagram->length, entry->length);
	*dropped = datagram->next;
	free(datagram);
}

static void step_push(struct send_queue *queue, struct model *model, uint32_t number,
                      uint64_t now_usec)
{
	static char text[4096];
	struct entry entry = {
		.number = number,
		.progress = random_below(3) != 0,
		.length = sizeof(number) + random_below(random_below(4) ? 100 : 4000),
		.queued_usec = now_usec,
	};
	struct datagram *dropped, *datagram;
	size_t bound = entry.progress ? SEND_QUEUE_BYTES : SEND_QUEUE_BYTES_STATE;
	int r;

	memcpy(text, &number, sizeof(number));
	datagram = datagram_new(entry.progress ? VSN_SEND_PROGRESS : VSN_SEND_STATE, text,
	                        entry.length, now_usec);
	ck_assert_ptr_nonnull(datagram);
	r = send_queue_push(queue, datagram, &dropped);
	while (model_bytes(model) + entry_cost(&entry) > SEND_QUEUE_BYTES) {
		size_t victim = model_victim(model, UINT64_MAX);
		struct entry gone;

		if (victim == model->count)
			break;
		gone = model_remove(model, victim);
		check_dropped(&dropped, &gone);
	}
	ck_assert_ptr_null(dropped);
	if (model_bytes(model) + entry_cost(&entry) <= bound) {
		ck_assert_int_eq(r, 0);
		model->entries[model->count++] = entry;
	} else {
		ck_assert_int_eq(r, -ENOBUFS);
		free(datagram);
	}
}

static void step_pop(struct send_queue *queue, struct model *model)
{
	struct datagram *datagram = send_queue_pop(queue);

	if (model->count == 0) {
		ck_assert_ptr_null(datagram);
	} else {
		struct entry entry = model_remove(model, 0);

		ck_assert_ptr_null(datagram->next);
		check_dropped(&datagram, &entry);
	}
}

static void step_expire(struct send_queue *queue, struct model *model, uint64_t now_usec)
{
	struct datagram *expired = send_queue_expire(queue, now_usec);
	size_t victim;

	while (now_usec >= SEND_QUEUE_AGE_USEC &&
	       (victim = model_victim(model, now_usec - SEND_QUEUE_AGE_USEC)) < model->count) {
		struct entry gone = model_remove(model, victim);

		check_dropped(&expired, &gone);
	}
	ck_assert_ptr_null(expired);
}

static void check_same(const struct send_queue *queue, const struct model *model)
{
	const struct datagram *datagram = queue->first;

	ck_assert_uint_eq(queue->bytes, model_bytes(model));
	for (size_t i = 0; i < model->count; i++, datagram = datagram->next) {
		ck_assert_mem_eq(datagram->text, &model->entries[i].number, sizeof(uint32_t));
		if (!datagram->next)
			ck_assert_ptr_eq(datagram, queue->last);
	}
	ck_assert_ptr_null(datagram);
}

START_TEST(a_random_life_goes_as_the_model_says)
{
	static struct model model;
	struct send_queue queue = {0};
	uint64_t now_usec = 1;
	/* Some lives are of a host that takes nearly all, some of one that takes nearly nothing. */
	uint32_t pops = (uint32_t)_i * 10;

	random_state = 0x9e3779b9u + (uint32_t)_i;
	for (uint32_t step = 0; step < STEPS; step++) {
		uint32_t what = random_below(100);

		now_usec += random_below(20000);
		if (what < pops)
			step_pop(&queue, &model);
		else if (what == 99)
			step_expire(&queue, &model, now_usec);
		else
			step_push(&queue, &model, step, now_usec);
		ck_assert_uint_le(queue.bytes, SEND_QUEUE_BYTES_STATE);
		if (step % 500 == 0)
			check_same(&queue, &model);
	}
	check_same(&queue, &model);
	while (model.count)
		step_pop(&queue, &model);
	ck_assert_ptr_null(queue.first);
	ck_assert_ptr_null(queue.last);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("backlog_model");
	TCase *tcase = harness_case(suite, "random");

	tcase_add_loop_test(tcase, a_random_life_goes_as_the_model_says, 0, LIVES);
	return harness_run(suite);
}
