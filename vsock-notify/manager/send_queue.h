/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of datagrams that the host's service manager has not taken yet, and what is dropped
 * when it grows too long. Memory only, no I/O.
 *
 * Order is first in, first out, always. Two bounds:
 *
 *   SEND_QUEUE_BYTES   above it the oldest progress datagrams (VSN_SEND_PROGRESS) make room, the new
 *                   one too if it is progress itself and none is older; a change of state is kept
 *   SEND_QUEUE_BYTES_STATE  above it a change of state is refused too: memory stays bounded whatever
 *                   a guest does while the service manager is away
 *
 * and progress older than SEND_QUEUE_AGE_USEC is dropped when it has still not been taken. Within the
 * bounds nothing is dropped: a backlog of a few thousand STATUS= lines is delivered whole in
 * milliseconds once the service manager is back.
 */
#ifndef SEND_QUEUE_H
#define SEND_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"

#define SEND_QUEUE_BYTES       (128 * 1024)
#define SEND_QUEUE_BYTES_STATE (2 * SEND_QUEUE_BYTES)
#define SEND_QUEUE_AGE_USEC    UINT64_C(10000000)

/*
 * Whoever waits for datagrams to be dealt with. released is called when pending has come down to 0
 * outside of outbox_hold_begin() .. outbox_hold_end(). Owned by the waiter.
 */
struct hold {
	unsigned pending;
	bool collecting; /* between begin and end */
	bool barrier;    /* one of them is a barrier */
	void (*released)(struct hold *hold);
};

struct datagram {
	struct datagram *next;
	struct hold *hold; /* NULL: nobody waits */
	uint64_t queued_usec;
	enum vsn_send_class send_class;
	bool barrier; /* goes with a pipe's end; done when that is closed */
	size_t length;
	char text[];
};

/* Zero-initialise. */
struct send_queue {
	struct datagram *first;
	struct datagram *last;
	size_t bytes; /* of memory, structs included */
};

/* Copies text. Returns NULL where there is no memory. */
struct datagram *datagram_new(enum vsn_send_class send_class, const char *text, size_t length,
                              uint64_t now_usec);

/*
 * Appends datagram, which belongs to the backlog from then on. Datagrams dropped to make room are
 * moved to *dropped (a list by next, which the caller releases and frees). Returns 0, or -ENOBUFS
 * where there is no room for datagram itself, which stays the caller's.
 */
int send_queue_push(struct send_queue *backlog, struct datagram *datagram,
                    struct datagram **dropped);

/* Takes the first datagram off; the caller's from then on. NULL where there is none. */
struct datagram *send_queue_pop(struct send_queue *backlog);

/* Takes off the progress datagrams that are too old, as a list by next. */
struct datagram *send_queue_expire(struct send_queue *backlog, uint64_t now_usec);

/* Nobody waits for this hold's datagrams any more; they stay queued. */
void send_queue_forget_hold(struct send_queue *backlog, const struct hold *hold);

#endif
