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
#include "base/delivery.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

void connection_close(struct connection *connection, const char *how)
{
	struct connections *all = connection->all;
	const struct connection_end end = {
		.accepted_usec = connection->accepted_usec,
		.held_usec = now_usec() - connection->accepted_usec,
		.bytes = connection->buffer.length,
		.port = connection->peer.port,
	};

	log_debug("connection %llu: %zu bytes, %s, held %llu us",
	          (unsigned long long)connection->id, end.bytes, how,
	          (unsigned long long)end.held_usec);
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	if (connection->hold.pending)
		outbox_hold_cancel(all->outbox, &connection->hold);
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

static void log_message(const struct connection *connection)
{
	char port[32] = "";

	if (!log_enabled(VSN_LOG_DEBUG))
		return;
	if (connection->peer.port != PEER_PORT_UNKNOWN)
		snprintf(port, sizeof(port), ", port %u", connection->peer.port);
	log_debug("guest %llu%s: \"%.*s\"", (unsigned long long)connection->id, port,
	          (int)connection->buffer.length, connection->buffer.text);
}

/* Hands the message to the plugins. Returns whether there is something to hold the guest for. */
static bool deliver(struct connection *connection)
{
	struct connections *all = connection->all;

	log_message(connection);
	outbox_hold_begin(all->outbox, &connection->hold);
	plugin_list_message(all->plugins, connection->id, &connection->peer,
	                    connection->buffer.text, connection->buffer.length);
	return outbox_hold_end(all->outbox);
}

static void hold_until_done(struct connection *connection)
{
	connection->state = CONNECTION_HELD;
	loop_fd_remove(connection->all->loop, &connection->source);
	set_timer(connection, now_usec() + HOLD_MAX_USEC);
}

/* Whether the other side has closed the connection: then no guest waits for its end. */
static bool closed_by_peer(const struct connection *connection)
{
	struct pollfd state = {.fd = connection->fd};

	return poll(&state, 1, 0) == 1 && (state.revents & POLLHUP);
}

/*
 * A connection that ended while the guest still waits has been half-closed, which a backend that
 * does not pass half-closes on never shows: there an end is a full close.
 */
static void learn_from_end(struct connection *connection)
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

static void whole_message(struct connection *connection)
{
	learn_from_end(connection);
	if (connection->buffer.length == 0)
		connection_close(connection, "empty");
	else if (deliver(connection) && !closed_by_peer(connection))
		hold_until_done(connection);
	else
		connection_close(connection, end_of(connection));
}

static void shut_down(struct connection *connection)
{
	uint64_t now = now_usec();

	connection->state = CONNECTION_DRAINING;
	connection->shut_usec = now;
	shutdown(connection->fd, SHUT_WR);
	set_timer(connection, max_u64(deadline(connection), now + DRAIN_MIN_USEC));
}

/* Takes a message that is complete as it stands; the connection has not ended. */
static void take_unended(struct connection *connection, uint32_t wait_usec)
{
	connection->state = CONNECTION_TAKEN;
	connection->waited = false;
	deliver(connection);
	set_timer(connection, connection->last_byte_usec + wait_usec);
}

/* Bytes have come and the connection has not ended: how long will it be waited for? */
static void decide_wait(struct connection *connection)
{
	struct connections *all = connection->all;
	enum vsn_verdict verdict = VSN_VERDICT_NONE;
	uint32_t wait_usec;

	if (all->waiting.mode != WAITING_EOF && !all->backend.passes_half_close)
		verdict = plugin_list_peek(all->plugins, connection->buffer.text,
		                           connection->buffer.length);
	wait_usec =
		waiting_time(&all->waiting, &all->backend, verdict, connection->first_byte_usec);
	connection->state = CONNECTION_READING;
	if (wait_usec == WAITING_FOR_EOF)
		set_timer(connection, deadline(connection));
	else if (verdict == VSN_VERDICT_COMPLETE)
		take_unended(connection, wait_usec);
	else
		set_timer(connection,
		          min_u64(connection->last_byte_usec + wait_usec, deadline(connection)));
}

/* Reads what there is, as message_buffer_read() does, and takes down when bytes came. */
static ssize_t read_some(struct connection *connection)
{
	bool first = connection->buffer.length == 0;
	ssize_t n = message_buffer_read(&connection->buffer, connection->fd);

	if (n <= 0)
		return n;
	connection->last_byte_usec = now_usec();
	if (first) {
		connection->first_byte_usec =
			connection->last_byte_usec - connection->accepted_usec;
		backend_seen_response(&connection->all->backend, connection->first_byte_usec);
	}
	return n;
}

static void refuse(struct connection *connection, int error)
{
	if (error == -EMSGSIZE)
		log_limited(VSN_LOG_WARNING,
		            "connection %llu: more than %d bytes: refused, no service manager "
		            "takes that much",
		            (unsigned long long)connection->id, MESSAGE_MAX);
	else
		log_limited(VSN_LOG_WARNING, "connection %llu: %s after %zu bytes: discarded",
		            (unsigned long long)connection->id, strerror(-error),
		            connection->buffer.length);
	connection_close(connection, "refused");
}

/* The connection has ended, in whatever state it was. */
static void ended(struct connection *connection)
{
	if (connection->state != CONNECTION_TAKEN) {
		whole_message(connection);
		return;
	}
	learn_from_end(connection);
	if (connection->hold.pending && !closed_by_peer(connection))
		hold_until_done(connection);
	else
		connection_close(connection, "ended by the guest");
}

/*
 * Reads until the connection has ended or there is nothing more for now. Returns whether there is
 * more to come; if not, connection may be gone.
 */
static bool read_connection(struct connection *connection)
{
	size_t length_before = connection->buffer.length;
	ssize_t n;

	do {
		n = read_some(connection);
	} while (n > 0);
	if (n == 0) {
		ended(connection);
		return false;
	}
	if (n != -EAGAIN) {
		refuse(connection, (int)n);
		return false;
	}
	if (connection->buffer.length > length_before && connection->state != CONNECTION_DRAINING) {
		if (connection->hold.pending)
			outbox_hold_cancel(connection->all->outbox, &connection->hold);
		decide_wait(connection);
	}
	return true;
}

static void connection_event(struct loop_fd *source, uint32_t events)
{
	(void)events;
	read_connection(container_of(source, struct connection, source));
}

static void reading_timed_out(struct connection *connection, uint64_t now)
{
	connection->overdue = now >= deadline(connection);
	if (connection->overdue && connection->buffer.length == 0) {
		log_limited(
			VSN_LOG_INFO, "connection %llu: nothing in %llu ms: closed",
			(unsigned long long)connection->id,
			(unsigned long long)(connection->all->frame_timeout_usec / USEC_PER_MSEC));
		connection_close(connection, "silent");
		return;
	}
	/* No EOF in all that time: perhaps half-closes are not passed on any more. */
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
		            (unsigned long long)connection->id, connection->buffer.length);
		connection_close(connection, "discarded");
		break;
	case CONNECTION_TAKEN:
		if (!connection->hold.pending || connection->waited) {
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
		            (unsigned long long)connection->id,
		            (unsigned long long)(HOLD_MAX_USEC / USEC_PER_SEC));
		connection_close(connection, "given up");
		break;
	}
}

/* The outbox is done with the message. */
static void hold_released(struct hold *hold)
{
	struct connection *connection = container_of(hold, struct connection, hold);

	if (connection->state == CONNECTION_HELD)
		connection_close(connection, end_of(connection));
	else if (connection->waited)
		connection_close(connection, "complete");
}

void connection_start(struct connection *connection)
{
	struct connections *all = connection->all;
	int r;

	connection->accepted_usec = now_usec();
	connection->source.callback = connection_event;
	connection->timer.callback = connection_time;
	connection->hold.released = hold_released;
	set_timer(connection, deadline(connection));
	/* Often everything is there already, and epoll need not be told. */
	if (!read_connection(connection))
		return;
	r = loop_fd_add(all->loop, &connection->source, connection->fd, EPOLLIN | EPOLLRDHUP);
	if (r < 0)
		refuse(connection, r);
}
