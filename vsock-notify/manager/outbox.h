/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox: datagrams to the host's service manager, in order, retried, bounded.
 *
 * outbox_queue() and outbox_barrier() only queue; outbox_flush() sends what is queued until the service manager takes no
 * more. A plugin's sends are queued while the plugin runs, and the bridge flushes when it has returned. What the service
 * manager does not take is kept (send_queue.h says how much) and tried again:
 *
 *   its queue is full      as soon as it has room, and every OUTBOX_RETRY_MAX_USEC in any case, because the socket may
 *                          have been replaced meanwhile
 *   any other error        (nobody listens because the manager re-executes; no memory ...) after OUTBOX_RETRY_MIN_USEC,
 *                          doubled each time up to OUTBOX_RETRY_MAX_USEC
 *   EMSGSIZE               the datagram itself is at fault: it is dropped, with a warning
 *
 * The hold that a datagram is queued for (base/delivery.h) is counted down when the datagram has been dealt with.
 *
 * A service manager that is away holds nobody twice (patience.h). If it has taken nothing for HOLD_MAX_USEC, everybody who
 * waits is let go at once, and what is queued from then on has no hold. It is kept and sent in order as before, and each
 * new datagram is a reason to try at once. When one has been taken, holds are held again. The same goes for barriers that
 * do not return: then no new barrier of a guest is sent, until one has returned.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "barrier.h"
#include "base/loop.h"
#include "manager_socket.h"
#include "patience.h"
#include "send_queue.h"

#define OUTBOX_RETRY_MIN_USEC UINT64_C(2000)
#define OUTBOX_RETRY_MAX_USEC UINT64_C(200000)

struct outbox {
	struct loop *loop;
	bool connected; /* there is an address to send to */
	struct manager_socket manager;
	struct send_queue queue;
	struct barrier_set barriers;
	struct patience takes;   /* datagrams */
	struct patience answers; /* barriers */
	struct loop_timer retry;
	uint64_t retry_usec; /* pause before the next try */
	uint64_t sent_usec;  /* when the send that the outbox waits for began */
	bool waiting;        /* for room, an answer, or the retry timer */
	bool reported;       /* it has been logged that the service manager takes nothing */
	uint64_t delivered;
	uint64_t dropped;
	void (*idle)(void *user); /* called once, by outbox_finish() */
	void *idle_user;
};

/* address NULL: datagrams are taken and have been dealt with at once. Returns 0 or a negative errno. */
int outbox_init(struct outbox *outbox, struct loop *loop, const struct address *address);
void outbox_deinit(struct outbox *outbox);

/*
 * Queues a copy of text, 1 to MESSAGE_MAX bytes. hold: the one that waits for it, or NULL. Returns 0, -EMSGSIZE, -ENOMEM or
 * -ENOBUFS.
 */
int outbox_queue(struct outbox *outbox, enum vsn_send_class send_class, const char *text,
                 size_t length, struct hold *hold);

/*
 * Queues a barrier, for hold as well. If there is a hold and the service manager is away, none is queued: nobody waits
 * for it. Returns 0, -ENOMEM or -ENOBUFS.
 */
int outbox_barrier(struct outbox *outbox, struct hold *hold);

/* Sends what is queued until the service manager takes no more. Not to be called while a plugin runs. */
void outbox_flush(struct outbox *outbox);

/* hold goes away and is not released any more; what was queued for it stays queued. */
void outbox_cancel(struct outbox *outbox, struct hold *hold);

/* Whether something has been queued or sent that has not been dealt with. */
bool outbox_is_busy(const struct outbox *outbox);

/*
 * The last act: queues a barrier behind everything, because the service manager ignores a message whose sender has exited
 * by the time it looks at it; flushes; and calls idle(user) when the barrier has returned. The caller bounds the wait.
 */
void outbox_finish(struct outbox *outbox, void (*idle)(void *user), void *user);

#endif
