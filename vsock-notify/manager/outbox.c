/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: datagrams in order, retried, bounded (theory: outbox.h). */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/delivery.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

static void release(struct hold *hold)
{
	if (hold && --hold->pending == 0 && hold->released)
		hold->released(hold);
}

/* A datagram that has been taken off the queue has been dealt with. */
static void dispose(struct datagram *datagram)
{
	struct hold *hold = datagram->hold;

	free(datagram);
	release(hold);
}

static void drop_list(struct outbox *outbox, struct datagram *list, const char *why)
{
	while (list) {
		struct datagram *datagram = list;

		list = list->next;
		outbox->dropped++;
		log_limited(VSN_LOG_WARNING, "dropped, %s: \"%.*s\"", why, (int)datagram->length,
		            datagram->text);
		dispose(datagram);
	}
}

bool outbox_is_busy(const struct outbox *outbox)
{
	return outbox->queue.first || outbox->barriers.first;
}

static const unsigned long long away_seconds = HOLD_MAX_USEC / USEC_PER_SEC;

/* A guest that is let go may send again, so each look begins anew. */
static void release_barriers(struct outbox *outbox)
{
	struct hold *hold;

	while ((hold = barrier_take_hold(&outbox->barriers)))
		release(hold);
}

static void takes_nothing(struct patience *patience)
{
	struct outbox *outbox = container_of(patience, struct outbox, takes);
	struct hold *hold;

	log_warning("the service manager has taken nothing for %llu s: guests do not wait for it "
	            "until it does, their messages are kept",
	            away_seconds);
	while ((hold = send_queue_take_hold(&outbox->queue)))
		release(hold);
	release_barriers(outbox);
}

static void answers_nothing(struct patience *patience)
{
	log_warning("the service manager has answered no barrier for %llu s: guests do not wait "
	            "for that until it does",
	            away_seconds);
	release_barriers(container_of(patience, struct outbox, answers));
}

static void finished_if_idle(struct outbox *outbox)
{
	void (*idle)(void *user) = outbox->idle;

	if (!idle || outbox_is_busy(outbox))
		return;
	outbox->idle = NULL;
	idle(outbox->idle_user);
}

static void barrier_returned(struct barrier_set *set, struct hold *hold)
{
	struct outbox *outbox = container_of(set, struct outbox, barriers);

	if (patience_end(&outbox->answers))
		log_info("the service manager answers barriers again");
	if (set->first)
		patience_begin(&outbox->answers);
	release(hold);
	finished_if_idle(outbox);
}

/* Sends the first datagram, a barrier. From then on the pipe's hang-up stands for it, and has its hold. */
static int send_barrier(struct outbox *outbox, struct datagram *datagram)
{
	struct barrier *barrier;
	CLEANUP_FD int write_fd = -1;
	int r;

	/* No descriptor can be sent over vsock: it has to be enough that everything before has been taken. */
	if (!address_is_local(&outbox->manager.address))
		return 0;
	barrier = barrier_new(&outbox->barriers, datagram->hold, &write_fd);
	if (!barrier)
		return -errno;
	r = manager_socket_send(&outbox->manager, datagram->text, datagram->length, write_fd);
	if (r < 0) {
		barrier_free(barrier);
		return r;
	}
	datagram->hold = NULL;
	patience_begin(&outbox->answers);
	return 0;
}

static int send_first(struct outbox *outbox)
{
	struct datagram *datagram = outbox->queue.first;

	if (datagram->barrier)
		return send_barrier(outbox, datagram);
	return manager_socket_send(&outbox->manager, datagram->text, datagram->length, -1);
}

/* The service manager has taken the first datagram. */
static void delivered(struct outbox *outbox)
{
	outbox->delivered++;
	outbox->retry_usec = 0;
	if (patience_end(&outbox->takes) || outbox->reported)
		log_info("the service manager takes notifications again");
	outbox->reported = false;
	dispose(send_queue_pop(&outbox->queue));
}

/* The first datagram has not been taken: waits, longer each time. */
static void retry_later(struct outbox *outbox, int error)
{
	outbox->retry_usec = outbox->retry_usec
	                             ? min_u64(2 * outbox->retry_usec, OUTBOX_RETRY_MAX_USEC)
	                             : OUTBOX_RETRY_MIN_USEC;
	loop_timer_set(outbox->loop, &outbox->retry, now_usec() + outbox->retry_usec);
	outbox->waiting = true;
	patience_begin(&outbox->takes);
	if (outbox->reported || outbox->retry_usec < OUTBOX_RETRY_MAX_USEC)
		return;
	outbox->reported = true;
	if (error == -EMFILE || error == -ENFILE)
		log_warning(
			"cannot send notifications (%s): trying on; is LimitNOFILE= too low for "
			"--max-connections=?",
			strerror(-error));
	else
		log_warning("the service manager takes no notifications (%s): trying on; is its "
		            "$NOTIFY_SOCKET still there?",
		            strerror(-error));
}

static void wait_for_answer(struct outbox *outbox)
{
	outbox->waiting = true;
	patience_begin(&outbox->takes);
	outbox->sent_usec = now_usec();
	loop_timer_set(outbox->loop, &outbox->retry, outbox->sent_usec + OUTBOX_RETRY_MAX_USEC);
}

/* Whether a vsock send has begun and not failed: sending again now would deliver the datagram twice. */
static bool vsock_is_under_way(const struct outbox *outbox)
{
	return !address_is_local(&outbox->manager.address) && outbox->manager.source.added;
}

void outbox_flush(struct outbox *outbox)
{
	/* Nobody waits for what is queued now: perhaps the service manager has come back. */
	if (outbox->takes.out && !vsock_is_under_way(outbox)) {
		loop_timer_cancel(&outbox->retry);
		outbox->waiting = false;
	}
	while (outbox->queue.first && !outbox->waiting) {
		int r = send_first(outbox);

		if (r == 0)
			delivered(outbox);
		else if (r == -EINPROGRESS)
			wait_for_answer(outbox);
		else if (r == -EMSGSIZE)
			drop_list(outbox, send_queue_pop(&outbox->queue), strerror(-r));
		else
			retry_later(outbox, r);
	}
	if (!outbox->queue.first && !outbox->takes.out)
		patience_end(&outbox->takes);
	finished_if_idle(outbox);
}

static void manager_answer(struct manager_socket *manager, int result)
{
	struct outbox *outbox = container_of(manager, struct outbox, manager);

	outbox->waiting = false;
	manager_socket_cancel(manager);
	loop_timer_cancel(&outbox->retry);
	if (result == 0)
		delivered(outbox);
	else if (result != -EAGAIN)
		retry_later(outbox, result);
	outbox_flush(outbox);
}

static void retry_time(struct loop_timer *timer, uint64_t now)
{
	struct outbox *outbox = container_of(timer, struct outbox, retry);

	drop_list(outbox, send_queue_expire(&outbox->queue, now), "the service manager is away");
	if (!vsock_is_under_way(outbox)) {
		outbox->waiting = false;
		outbox_flush(outbox);
	} else if (now - outbox->sent_usec < SEND_QUEUE_AGE_USEC) {
		loop_timer_set(outbox->loop, timer, now + OUTBOX_RETRY_MAX_USEC);
	} else {
		/* If the receiver has the datagram and only does not end the connection, it counts as taken. */
		manager_answer(&outbox->manager, outbox->manager.sent ? 0 : -ETIMEDOUT);
	}
}

int outbox_init(struct outbox *outbox, struct loop *loop, const struct address *address)
{
	int r;

	*outbox = (struct outbox){
		.loop = loop,
		.manager.fd = -1,
		.retry.callback = retry_time,
		.takes = {.loop = loop, .ran_out = takes_nothing},
		.answers = {.loop = loop, .ran_out = answers_nothing},
		.barriers = {.loop = loop, .returned = barrier_returned},
	};
	if (!address)
		return 0;
	outbox->connected = true;
	r = manager_socket_init(&outbox->manager, loop, address);
	outbox->manager.answer = manager_answer;
	return r;
}

void outbox_deinit(struct outbox *outbox)
{
	struct datagram *datagram;

	loop_timer_cancel(&outbox->retry);
	patience_end(&outbox->takes);
	patience_end(&outbox->answers);
	while ((datagram = send_queue_pop(&outbox->queue)))
		free(datagram);
	while (outbox->barriers.first)
		barrier_free(outbox->barriers.first);
	if (outbox->connected)
		manager_socket_deinit(&outbox->manager);
	outbox->connected = false;
}

/* Queues a datagram for hold. NULL: there was no memory for it. */
static int push(struct outbox *outbox, struct datagram *datagram, struct hold *hold)
{
	struct datagram *dropped;
	int r;

	if (!datagram)
		return -ENOMEM;
	r = send_queue_push(&outbox->queue, datagram, &dropped);
	drop_list(outbox, dropped, "too many are waiting for the service manager");
	if (r < 0) {
		drop_list(outbox, datagram, "too many are waiting for the service manager");
		return r;
	}
	if (outbox->takes.out)
		return 0;
	datagram->hold = hold;
	if (hold)
		hold->pending++;
	return 0;
}

int outbox_queue(struct outbox *outbox, enum vsn_send_class send_class, const char *text,
                 size_t length, struct hold *hold)
{
	if (length == 0 || length > MESSAGE_MAX)
		return -EMSGSIZE;
	if (!outbox->connected)
		return 0;
	return push(outbox, datagram_new(send_class, text, length, now_usec()), hold);
}

int outbox_barrier(struct outbox *outbox, struct hold *hold)
{
	struct datagram *datagram;

	if (!outbox->connected || (hold && (outbox->takes.out || outbox->answers.out)))
		return 0;
	datagram = datagram_new(VSN_SEND_STATE, BARRIER_TEXT, strlen(BARRIER_TEXT), now_usec());
	if (!datagram)
		return -ENOMEM;
	datagram->barrier = true;
	if (hold)
		hold->barrier = true;
	return push(outbox, datagram, hold);
}

void outbox_cancel(struct outbox *outbox, struct hold *hold)
{
	send_queue_forget_hold(&outbox->queue, hold);
	barrier_forget_hold(&outbox->barriers, hold);
	hold->pending = 0;
}

void outbox_finish(struct outbox *outbox, void (*idle)(void *user), void *user)
{
	outbox->idle = idle;
	outbox->idle_user = user;
	/* If nothing has been sent and nothing is to be sent, no message can be ignored. */
	if ((outbox->delivered > 0 || outbox->queue.first) && outbox_barrier(outbox, NULL) < 0)
		log_warning("no memory for the last barrier: the last messages may be ignored");
	outbox_flush(outbox);
}
