/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's connection, from accept to close (states: connection.h). */
#include "connection_private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

static void forget_hold(struct connection *connection)
{
	struct hold *hold = &connection->delivery.hold;

	if (hold->pending)
		connection->all->cancel(connection->all, hold);
}

void connection_close(struct connection *connection, const char *how)
{
	struct connections *all = connection->all;
	struct connection **link = &all->first;
	const struct connection_end end = {
		.accepted_usec = connection->accepted_usec,
		.held_usec = now_usec() - connection->accepted_usec,
		.bytes = connection->buffer.length,
		.port = connection->delivery.port,
	};

	log_debug("connection %llu: %zu bytes, %s, held %llu us",
	          (unsigned long long)connection->delivery.id, end.bytes, how,
	          (unsigned long long)end.held_usec);
	while (*link != connection)
		link = &(*link)->next;
	*link = connection->next;
	forget_hold(connection);
	loop_fd_remove(all->loop, &connection->source);
	loop_timer_cancel(&connection->timer);
	close_fd(&connection->fd);
	message_buffer_free(&connection->buffer);
	free(connection);
	if (all->ended && end.bytes > 0)
		all->ended(all, &end);
	if (--all->count == 0 && all->none_left)
		all->none_left(all);
}

static void set_timer(struct connection *connection, uint64_t deadline_usec)
{
	loop_timer_set(connection->all->loop, &connection->timer, deadline_usec);
}

static uint64_t deadline(const struct connection *connection)
{
	return connection->accepted_usec + connection->all->frame_timeout_usec;
}

static const char *end_of(const struct connection *connection)
{
	if (!connection->shut_usec)
		return "ended by the guest";
	return connection->overdue ? "shut down at the deadline" : "shut down after silence";
}

/* The message has been dealt with. */
static void hold_released(struct hold *hold)
{
	struct connection *connection = container_of(hold, struct connection, delivery.hold);

	if (connection->state == CONNECTION_HELD)
		connection_close(connection, end_of(connection));
	else if (connection->waited)
		connection_close(connection, "complete");
}

static void log_message(const struct delivery *delivery)
{
	char port[32] = "";

	if (!log_enabled(VSN_LOG_DEBUG))
		return;
	if (delivery->port != VSN_PORT_UNKNOWN)
		snprintf(port, sizeof(port), ", port %u", delivery->port);
	log_debug("guest %llu%s: \"%.*s\"", (unsigned long long)delivery->id, port,
	          (int)delivery->length, delivery->text);
}

/* Hands the message on. Afterwards the hold says what there is to wait for. */
static void deliver(struct connection *connection)
{
	struct delivery *delivery = &connection->delivery;

	log_message(delivery);
	delivery->hold = (struct hold){0};
	connection->all->deliver(connection->all, delivery);
}

/* Whether the other side has closed the connection: then no guest waits for its end. */
static bool closed_by_peer(const struct connection *connection)
{
	struct pollfd state = {.fd = connection->fd};

	return poll(&state, 1, 0) == 1 && (state.revents & POLLHUP);
}

/*
 * Learns from an end of file how this backend answers. A connection that ends while the guest still waits has been
 * half-closed. A backend that does not pass half-closes on never shows this: there an end is a full close.
 */
static void learn_from_end(const struct connection *connection)
{
	struct backend *backend = &connection->all->backend;

	if (connection->shut_usec) {
		backend_seen_response(backend, now_usec() - connection->shut_usec);
		return;
	}
	if (backend->passes_half_close)
		return;
	backend->passes_half_close = !closed_by_peer(connection);
	if (backend->passes_half_close)
		log_debug("the backend passes half-closes on: no more waiting");
}

/* The message has ended and been delivered: holds the guest if it waits and there is something to wait for. */
static void hold_or_close(struct connection *connection)
{
	struct hold *hold = &connection->delivery.hold;

	if (hold->pending == 0 || closed_by_peer(connection)) {
		connection_close(connection, end_of(connection));
		return;
	}
	connection->state = CONNECTION_HELD;
	hold->released = hold_released;
	loop_fd_remove(connection->all->loop, &connection->source);
	set_timer(connection, now_usec() + HOLD_MAX_USEC);
}

/* The connection has ended without a byte. */
static void lost(struct connection *connection)
{
	struct connections *all = connection->all;

	if (all->lost && connection->delivery.pid == all->backend.pid)
		all->lost(all);
	connection_close(connection, "empty");
}

/* The end of file has come. The message of a TAKEN connection has been delivered already. */
static void ended(struct connection *connection)
{
	learn_from_end(connection);
	if (connection->buffer.length == 0) {
		lost(connection);
		return;
	}
	if (connection->state != CONNECTION_TAKEN)
		deliver(connection);
	hold_or_close(connection);
}

static void shut_down(struct connection *connection)
{
	uint64_t now = now_usec();

	connection->state = CONNECTION_DRAINING;
	connection->shut_usec = now;
	shutdown(connection->fd, SHUT_WR);
	set_timer(connection, max_u64(deadline(connection), now + DRAIN_MIN_USEC));
}

/* What the plugins say of the bytes that have come. They are asked once for the same bytes. */
static enum vsn_verdict judge(struct connection *connection)
{
	struct delivery *delivery = &connection->delivery;

	if (!delivery->judged && connection->all->peek)
		delivery->verdict =
			connection->all->peek(connection->all, delivery->text, delivery->length);
	delivery->judged = true;
	return delivery->verdict;
}

/*
 * More bytes have come that leave the message complete: the silence begins anew, but only to the deadline, so that a guest
 * cannot draw it out byte by byte.
 */
static void taken_again(struct connection *connection, uint64_t until_usec)
{
	until_usec = min_u64(until_usec, deadline(connection));
	if (!connection->waited && until_usec > connection->timer.deadline_usec)
		set_timer(connection, until_usec);
}

/* Delivers a message that is complete as it stands, and holds its sender. */
static void take(struct connection *connection, uint64_t until_usec)
{
	deliver(connection);
	connection->state = CONNECTION_TAKEN;
	connection->waited = false;
	connection->delivery.hold.released = hold_released;
	set_timer(connection, until_usec);
}

/* Bytes have come and the connection has not ended: decides how long the end is waited for. */
static void decide_wait(struct connection *connection)
{
	const struct connections *all = connection->all;
	bool asks = all->waiting.mode != WAITING_EOF && !all->backend.passes_half_close;
	enum vsn_verdict verdict = asks ? judge(connection) : VSN_VERDICT_NONE;
	uint32_t wait_usec =
		waiting_time(&all->waiting, &all->backend, verdict, connection->first_byte_usec);
	uint64_t until_usec = connection->last_byte_usec + wait_usec;

	if (connection->state == CONNECTION_TAKEN)
		taken_again(connection, until_usec);
	else if (wait_usec == WAITING_FOR_EOF)
		set_timer(connection, deadline(connection));
	else if (verdict == VSN_VERDICT_COMPLETE)
		take(connection, until_usec);
	else
		set_timer(connection, min_u64(until_usec, deadline(connection)));
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
	if (connection->state == CONNECTION_TAKEN && judge(connection) != VSN_VERDICT_COMPLETE) {
		forget_hold(connection);
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
	ssize_t n = read_all(connection);

	if (n == 0)
		ended(connection);
	else if (n == -EAGAIN)
		watch(connection);
	else
		refuse(connection, (int)n);
}

static void reading_timed_out(struct connection *connection, uint64_t now)
{
	connection->overdue = now >= deadline(connection);
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
		set_timer(connection, now + HOLD_MAX_USEC);
		break;
	case CONNECTION_HELD:
		log_limited(VSN_LOG_WARNING,
		            "connection %llu: the service manager did not take its message in "
		            "%llu s: the guest goes on, the message is kept",
		            (unsigned long long)connection->delivery.id,
		            (unsigned long long)(HOLD_MAX_USEC / USEC_PER_SEC));
		connection_close(connection, "given up");
		break;
	}
}

void connection_start(struct connection *connection)
{
	connection->accepted_usec = now_usec();
	connection->source.callback = connection_event;
	connection->timer.callback = connection_time;
	set_timer(connection, deadline(connection));
	loop_fd_ready(connection->all->loop, &connection->source);
}
