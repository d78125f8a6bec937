/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox: datagrams to the host's service manager, in order, retried, bounded.
 *
 * A datagram is sent at once where nothing is queued before it. What the host does not take is
 * kept (backlog.h says how much) and tried again:
 *
 *   its queue is full      as soon as it has room, and every OUTBOX_RETRY_MAX_USEC all the same, in
 *                          case the socket was replaced meanwhile
 *   anything else          (nobody there: the manager re-executes; no memory ...) after
 *                          OUTBOX_RETRY_MIN_USEC, doubled each time up to OUTBOX_RETRY_MAX_USEC
 *   the message itself     (EMSGSIZE) is at fault: dropped, with an error line
 *
 * Whoever wants to know when his datagrams have been dealt with brackets the calls that queue them
 * by outbox_hold_begin() and outbox_hold_end(); "dealt with" is delivered or dropped, and for a
 * barrier, returned.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "barrier.h"
#include "base/loop.h"
#include "manager_socket.h"
#include "send_queue.h"

#define OUTBOX_RETRY_MIN_USEC UINT64_C(2000)
#define OUTBOX_RETRY_MAX_USEC UINT64_C(200000)

struct outbox {
	struct loop *loop;
	bool connected; /* has an address to send to */
	struct manager_socket manager;
	struct send_queue queue;
	struct barrier_set barriers;
	struct hold *hold; /* of whom is queueing now */
	struct loop_timer retry;
	uint64_t retry_usec; /* pause before the next try */
	uint64_t sent_usec;  /* when the send that is being waited for began */
	bool waiting;        /* for room, an answer, or the retry timer */
	bool reported;       /* the trouble with the host has been logged */
	uint64_t delivered;
	uint64_t dropped;
	void (*idle)(void *user); /* called once, by outbox_finish() */
	void *idle_user;
};

/* address NULL: datagrams are taken and count as dealt with at once. Returns 0 or -errno. */
int outbox_init(struct outbox *outbox, struct loop *loop, const struct address *address);
void outbox_deinit(struct outbox *outbox);

/* Queues a copy of text, 1 to MESSAGE_MAX bytes. Returns 0, -EMSGSIZE, -ENOMEM or -ENOBUFS. */
int outbox_send(struct outbox *outbox, enum vsn_send_class send_class, const char *text,
                size_t length);

/* Queues a barrier. Returns 0, -ENOMEM or -ENOBUFS. */
int outbox_barrier(struct outbox *outbox);

/* Until outbox_hold_end() everything that is queued counts for hold. */
void outbox_hold_begin(struct outbox *outbox, struct hold *hold);

/* Returns whether there is anything to wait for; hold->released is called if so. */
bool outbox_hold_end(struct outbox *outbox);

/* hold goes away; what was queued for it stays queued. */
void outbox_hold_cancel(struct outbox *outbox, struct hold *hold);

/*
 * The last act: queues a barrier behind everything, because the service manager ignores a message
 * whose sender has exited when it gets to it, and calls idle(user) when it has returned. The caller
 * bounds the wait.
 */
void outbox_finish(struct outbox *outbox, void (*idle)(void *user), void *user);

#endif
