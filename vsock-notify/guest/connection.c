/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's connection from accept to its last byte (states: connection.h; then connection_end.c). */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "connection_private.h"

/*
 * More bytes have come that leave the message complete: the silence begins anew, but only to the deadline, so that a guest
 * cannot draw it out byte by byte.
 */
static void taken_again(struct connection *connection, uint64_t until_usec)
{
	until_usec = min_u64(until_usec, connection_deadline(connection));
	if (!connection->waited && until_usec > connection->timer.deadline_usec)
		connection_set_timer(connection, until_usec);
}

/* Delivers a message that is complete as it stands, and holds its sender. */
static void take(struct connection *connection, uint64_t until_usec)
{
	connection_deliver(connection);
	connection->state = CONNECTION_TAKEN;
	connection->waited = false;
	connection->delivery.hold.released = connection_hold_released;
	connection_set_timer(connection, until_usec);
}

/* We have ended the guest's wait: what is under way comes, then the end of file. */
static void drain(struct connection *connection)
{
	connection->state = CONNECTION_DRAINING;
	connection_set_timer(connection, max_u64(connection_deadline(connection),
	                                         connection->answered_usec + DRAIN_MIN_USEC));
}

static void shut_down(struct connection *connection)
{
	connection->answered_usec = now_usec();
	shutdown(connection->fd, SHUT_WR);
	drain(connection);
}

static void answer_at_once(struct connection *connection)
{
	connection_send_byte(connection);
	drain(connection);
}

/* Bytes have come and the connection has not ended: decides how long the end is waited for. */
static void decide_wait(struct connection *connection)
{
	const struct connections *all = connection->all;
	bool asks = all->waiting.mode != WAITING_EOF && !all->backend.passes_half_close;
	enum vsn_verdict verdict = asks ? connection_judge(connection) : VSN_VERDICT_NONE;
	uint32_t wait_usec =
		waiting_time(&all->waiting, &all->backend, verdict, connection->first_byte_usec);
	uint64_t until_usec = connection->last_byte_usec + wait_usec;

	if (connection->state == CONNECTION_TAKEN)
		taken_again(connection, until_usec);
	else if (wait_usec == WAITING_FOR_EOF)
		connection_set_timer(connection, connection_deadline(connection));
	else if (verdict == VSN_VERDICT_COMPLETE)
		take(connection, until_usec);
	else if (connection_is_answered_with_byte(connection))
		answer_at_once(connection);
	else
		connection_set_timer(connection,
		                     min_u64(until_usec, connection_deadline(connection)));
}

/* Takes down when bytes came, and what they make of a message that was taken as complete. */
static void bytes_came(struct connection *connection, bool first)
{
	struct delivery *delivery = &connection->delivery;

	connection->last_byte_usec = now_usec();
	if (first) {
		connection->first_byte_usec =
			connection->last_byte_usec - connection->accepted_usec;
		backend_seen_response(&connection->all->backend, connection->first_byte_usec);
	}
	delivery->text = connection->buffer.text;
	delivery->length = connection->buffer.length;
	delivery->judged = false;
	if (connection->state == CONNECTION_TAKEN &&
	    connection_judge(connection) != VSN_VERDICT_COMPLETE) {
		connection_forget_hold(connection);
		connection->state = CONNECTION_READING;
	}
}

/* Reads what there is. Returns 0 at the end of file, -EAGAIN if there is nothing more for now, or another negative errno. */
static ssize_t read_all(struct connection *connection)
{
	size_t before = connection->buffer.length;
	ssize_t n;

	do {
		n = message_buffer_read(&connection->buffer, connection->fd);
	} while (n > 0);
	if (connection->buffer.length == before)
		return n;
	bytes_came(connection, before == 0);
	if (n == -EAGAIN && connection->state != CONNECTION_DRAINING)
		decide_wait(connection);
	return n;
}

static void refuse(struct connection *connection, int error)
{
	if (error == -EMSGSIZE)
		log_limited(VSN_LOG_WARNING,
		            "connection %llu: more than %d bytes: refused, no service manager "
		            "takes that much",
		            (unsigned long long)connection->delivery.id, MESSAGE_MAX);
	else
		log_limited(VSN_LOG_WARNING, "connection %llu: %s after %zu bytes: discarded",
		            (unsigned long long)connection->delivery.id, strerror(-error),
		            connection->buffer.length);
	connection_close(connection, "refused");
}

/* More is to come. Often everything is there when a connection is accepted, and epoll need not be told of it. */
static void watch(struct connection *connection)
{
	int r;

	if (connection->source.added)
		return;
	r = loop_fd_add(connection->all->loop, &connection->source, connection->fd,
	                EPOLLIN | EPOLLRDHUP);
	if (r < 0)
		refuse(connection, r);
}

/* The one place where a guest's bytes are read. */
static void connection_event(struct loop_fd *source)
{
	struct connection *connection = container_of(source, struct connection, source);
	ssize_t n;

	/* It has been answered and does nothing any more but end. */
	if (connection->state == CONNECTION_LEAVING) {
		connection_close(connection, "left");
		return;
	}
	n = read_all(connection);
	/* The VMM has closed its socket without having read our byte. */
	if (n == -ECONNRESET && connection->byte_sent)
		n = 0;
	if (n == 0)
		connection_ended(connection);
	else if (n == -EAGAIN)
		watch(connection);
	else
		refuse(connection, (int)n);
}

static void reading_timed_out(struct connection *connection, uint64_t now)
{
	connection->overdue = now >= connection_deadline(connection);
	if (connection->overdue && connection->buffer.length == 0) {
		log_limited(
			VSN_LOG_INFO, "connection %llu: nothing in %llu ms: closed",
			(unsigned long long)connection->delivery.id,
			(unsigned long long)(connection->all->frame_timeout_usec / USEC_PER_MSEC));
		connection_close(connection, "silent");
		return;
	}
	/* No end of file in all that time: perhaps half-closes are not passed on any more. */
	if (connection->overdue)
		connection->all->backend.passes_half_close = false;
	shut_down(connection);
}

static void connection_time(struct loop_timer *timer, uint64_t now)
{
	struct connection *connection = container_of(timer, struct connection, timer);

	switch (connection->state) {
	case CONNECTION_READING:
		reading_timed_out(connection, now);
		break;
	case CONNECTION_DRAINING:
		log_limited(VSN_LOG_WARNING,
		            "connection %llu: has not ended, %zu bytes discarded: they may be "
		            "half a message",
		            (unsigned long long)connection->delivery.id, connection->buffer.length);
		connection_close(connection, "discarded");
		break;
	case CONNECTION_TAKEN:
		if (!connection->delivery.hold.pending || connection->waited) {
			connection_close(connection, "complete");
			break;
		}
		connection->waited = true;
		connection_set_timer(connection, now + HOLD_MAX_USEC);
		break;
	case CONNECTION_LEAVING:
		connection_close(connection, "has not left");
		break;
	case CONNECTION_HELD:
		log_limited(VSN_LOG_WARNING,
		            "connection %llu: the service manager did not take its message in "
		            "%llu s: the guest goes on, the message is kept",
		            (unsigned long long)connection->delivery.id,
		            (unsigned long long)(HOLD_MAX_USEC / USEC_PER_SEC));
		connection_end(connection);
		break;
	}
}

void connection_start(struct connection *connection)
{
	connection->accepted_usec = now_usec();
	connection->source.callback = connection_event;
	connection->timer.callback = connection_time;
	connection_set_timer(connection, connection_deadline(connection));
	loop_fd_ready(connection->all->loop, &connection->source);
}
