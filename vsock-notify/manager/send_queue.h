/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of datagrams that the service manager has not taken yet, and what is dropped when it grows too long. Memory
 * only, no I/O.
 *
 * The order is always first in, first out. Two bounds:
 *
 *   SEND_QUEUE_BYTES        above it, progress (VSN_SEND_PROGRESS) is dropped to make room, the oldest first; a new
 *                           datagram that is progress itself is dropped if there is no other progress left
 *   SEND_QUEUE_BYTES_STATE  above it, a change of state is refused too: memory stays bounded whatever a guest does while
 *                           the service manager is away
 *
 * Progress that is older than SEND_QUEUE_AGE_USEC and has still not been taken is dropped. Within these bounds nothing is
 * dropped: a few thousand STATUS= lines are delivered whole, in milliseconds, once the service manager is back.
 */
#ifndef SEND_QUEUE_H
#define SEND_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/delivery.h"
#include "include/vsock-notify-plugin.h"

#define SEND_QUEUE_BYTES       (128 * 1024)
#define SEND_QUEUE_BYTES_STATE (2 * SEND_QUEUE_BYTES)
#define SEND_QUEUE_AGE_USEC    UINT64_C(10000000)

struct datagram {
	struct datagram *next;
	struct hold *hold; /* waits for this datagram; NULL: none does */
	uint64_t queued_usec;
	enum vsn_send_class send_class;
	bool barrier; /* sent with a pipe's end, and dealt with when that is closed */
	size_t length;
	char text[];
};

/* Zero-initialise. */
struct send_queue {
	struct datagram *first;
	struct datagram *last;
	size_t bytes; /* of memory, structs included */
};

/* Copies text. Returns NULL if there is no memory. */
struct datagram *datagram_new(enum vsn_send_class send_class, const char *text, size_t length,
                              uint64_t now_usec);

/*
 * Appends datagram, which belongs to the queue from then on. Datagrams that are dropped to make room are moved to *dropped
 * (a list by next, which the caller releases and frees). Returns 0, or -ENOBUFS if there is no room for datagram itself,
 * which then stays the caller's.
 */
int send_queue_push(struct send_queue *queue, struct datagram *datagram, struct datagram **dropped);

/* Takes off the first datagram, which is the caller's from then on. Returns NULL if there is none. */
struct datagram *send_queue_pop(struct send_queue *queue);

/* Takes off the progress datagrams that are too old, as a list by next. */
struct datagram *send_queue_expire(struct send_queue *queue, uint64_t now_usec);

/* Takes the hold off the first datagram that has one, which stays queued. Returns it, or NULL if no datagram has one. */
struct hold *send_queue_take_hold(struct send_queue *queue);

/* What waits in the queue, barriers not counted. */
struct send_queue_text {
	size_t messages;
	size_t bytes; /* of their text */
};

struct send_queue_text send_queue_text(const struct send_queue *queue);

/* The datagrams of this hold have no hold from now on; they stay queued. */
void send_queue_forget_hold(struct send_queue *queue, const struct hold *hold);

#endif
