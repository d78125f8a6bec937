/* SPDX-License-Identifier: Apache-2.0 */
/* The bounded queue of datagrams (rules: send_queue.h). */
#include "send_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct datagram *datagram_new(enum vsn_send_class send_class, const char *text, size_t length,
                              uint64_t now_usec)
{
	struct datagram *datagram = malloc(sizeof(*datagram) + length);

	if (!datagram)
		return NULL;
	*datagram = (struct datagram){
		.queued_usec = now_usec,
		.send_class = send_class,
		.length = length,
	};
	memcpy(datagram->text, text, length);
	return datagram;
}

static size_t cost(const struct datagram *datagram)
{
	return sizeof(*datagram) + datagram->length;
}

/* Unlinks *link, which follows previous (NULL: it is the first). */
static struct datagram *unlink_at(struct send_queue *queue, struct datagram **link,
                                  struct datagram *previous)
{
	struct datagram *datagram = *link;

	*link = datagram->next;
	if (queue->last == datagram)
		queue->last = previous;
	queue->bytes -= cost(datagram);
	datagram->next = NULL;
	return datagram;
}

/*
 * Unlinks the oldest progress datagram that was queued at or before queued_by_usec. Returns NULL if there is none.
 * The first datagram of the queue is left alone, because it may be under way already.
 */
static struct datagram *take_oldest_progress(struct send_queue *queue, uint64_t queued_by_usec)
{
	struct datagram *previous = queue->first;

	for (; previous && previous->next; previous = previous->next) {
		struct datagram *datagram = previous->next;

		if (datagram->queued_usec > queued_by_usec)
			return NULL;
		if (datagram->send_class == VSN_SEND_PROGRESS)
			return unlink_at(queue, &previous->next, previous);
	}
	return NULL;
}

int send_queue_push(struct send_queue *queue, struct datagram *datagram, struct datagram **dropped)
{
	struct datagram **dropped_end = dropped;

	*dropped = NULL;
	while (queue->bytes + cost(datagram) > SEND_QUEUE_BYTES) {
		*dropped_end = take_oldest_progress(queue, UINT64_MAX);
		if (!*dropped_end)
			break;
		dropped_end = &(*dropped_end)->next;
	}
	if (queue->bytes + cost(datagram) >
	    (datagram->send_class == VSN_SEND_PROGRESS ? SEND_QUEUE_BYTES : SEND_QUEUE_BYTES_STATE))
		return -ENOBUFS;
	if (queue->last)
		queue->last->next = datagram;
	else
		queue->first = datagram;
	queue->last = datagram;
	queue->bytes += cost(datagram);
	return 0;
}

struct datagram *send_queue_pop(struct send_queue *queue)
{
	return queue->first ? unlink_at(queue, &queue->first, NULL) : NULL;
}

struct datagram *send_queue_expire(struct send_queue *queue, uint64_t now_usec)
{
	struct datagram *expired = NULL;
	struct datagram **end = &expired;

	if (now_usec < SEND_QUEUE_AGE_USEC)
		return NULL;
	while ((*end = take_oldest_progress(queue, now_usec - SEND_QUEUE_AGE_USEC)))
		end = &(*end)->next;
	return expired;
}

struct hold *send_queue_take_hold(struct send_queue *queue)
{
	for (struct datagram *datagram = queue->first; datagram; datagram = datagram->next) {
		struct hold *hold = datagram->hold;

		datagram->hold = NULL;
		if (hold)
			return hold;
	}
	return NULL;
}

struct send_queue_text send_queue_text(const struct send_queue *queue)
{
	struct send_queue_text text = {0};

	for (const struct datagram *each = queue->first; each; each = each->next) {
		text.messages += !each->barrier;
		text.bytes += each->barrier ? 0 : each->length;
	}
	return text;
}

void send_queue_forget_hold(struct send_queue *queue, const struct hold *hold)
{
	for (struct datagram *datagram = queue->first; datagram; datagram = datagram->next)
		if (datagram->hold == hold)
			datagram->hold = NULL;
}
