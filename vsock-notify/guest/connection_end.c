/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a guest's connection: its message is handed on, and the guest is held, answered and let go (connection.h). */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "connection_private.h"

void connection_set_timer(struct connection *connection, uint64_t deadline_usec)
{
	loop_timer_set(connection->all->loop, &connection->timer, deadline_usec);
}

uint64_t connection_deadline(const struct connection *connection)
{
	return connection->accepted_usec + connection->all->frame_timeout_usec;
}

void connection_forget_hold(struct connection *connection)
{
	struct hold *hold = &connection->delivery.hold;

	if (hold->pending)
		connection->all->cancel(connection->all, hold);
}

void connection_close(struct connection *connection, const char *how)
{
	struct connections *all = connection->all;
	struct connection **link = &all->first;
	uint64_t until_usec = connection->answered_usec ? connection->answered_usec : now_usec();
	const struct connection_end end = {
		.accepted_usec = connection->accepted_usec,
		.held_usec = until_usec - connection->accepted_usec,
		.bytes = connection->buffer.length,
		.port = connection->delivery.port,
	};

	log_debug("connection %llu: %zu bytes, %s, held %llu us",
	          (unsigned long long)connection->delivery.id, end.bytes, how,
	          (unsigned long long)end.held_usec);
	while (*link != connection)
		link = &(*link)->next;
	*link = connection->next;
	connection_forget_hold(connection);
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

static const char *end_of(const struct connection *connection)
{
	if (connection->byte_sent)
		return "answered with a byte";
	if (!connection->answered_usec)
		return "ended by the guest";
	return connection->overdue ? "shut down at the deadline" : "shut down after silence";
}

bool connection_send_byte(struct connection *connection)
{
	connection->answered_usec = now_usec();
	connection->byte_sent = true;
	return send(connection->fd, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* Waits until the guest has closed its connection: the kernel tells that without being asked. */
static void let_leave(struct connection *connection)
{
	struct loop *loop = connection->all->loop;

	connection->state = CONNECTION_LEAVING;
	loop_fd_remove(loop, &connection->source);
	if (loop_fd_add(loop, &connection->source, connection->fd, 0) < 0) {
		connection_close(connection, end_of(connection));
		return;
	}
	connection_set_timer(connection, now_usec() + ANSWER_LEAVE_USEC);
}

void connection_end(struct connection *connection)
{
	bool byte = connection->byte_due && !connection->answered_usec;

	if (byte ? connection_send_byte(connection) : connection->byte_sent)
		let_leave(connection);
	else
		connection_close(connection, end_of(connection));
}

void connection_hold_released(struct hold *hold)
{
	struct connection *connection = container_of(hold, struct connection, delivery.hold);

	if (connection->state == CONNECTION_HELD)
		connection_end(connection);
	else if (connection->waited)
		connection_close(connection, "complete");
}

enum vsn_verdict connection_judge(struct connection *connection)
{
	struct delivery *delivery = &connection->delivery;

	if (!delivery->judged && connection->all->peek)
		delivery->verdict =
			connection->all->peek(connection->all, delivery->text, delivery->length);
	delivery->judged = true;
	return delivery->verdict;
}

bool connection_is_answered_with_byte(struct connection *connection)
{
	return answers_with_byte(connection->all->answer, connection->delivery.port,
	                         connection_judge(connection));
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

void connection_deliver(struct connection *connection)
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

	if (connection->source.events)
		return connection->source.events & EPOLLHUP;
	return poll(&state, 1, 0) == 1 && (state.revents & POLLHUP);
}

/*
 * Learns from an end of file how this backend answers. A connection that ends while the guest has not closed it has been
 * half-closed. A backend that does not pass half-closes on never shows this: there an end is a full close. After our SHUT_WR
 * an end says nothing.
 */
static void learn_from_end(const struct connection *connection, bool closed)
{
	struct backend *backend = &connection->all->backend;

	if (connection->answered_usec)
		backend_seen_response(backend, now_usec() - connection->answered_usec);
	if (backend->passes_half_close || closed ||
	    (connection->answered_usec && !connection->byte_sent))
		return;
	backend->passes_half_close = true;
	log_debug("the backend passes half-closes on: no more waiting");
}

/* The message has ended and been delivered: holds the guest if it waits and there is something to wait for. */
static void hold_or_end(struct connection *connection, bool closed)
{
	struct hold *hold = &connection->delivery.hold;

	if (closed) {
		connection_close(connection, end_of(connection));
		return;
	}
	if (hold->pending == 0 || connection->byte_sent) {
		connection_end(connection);
		return;
	}
	connection->state = CONNECTION_HELD;
	hold->released = connection_hold_released;
	loop_fd_remove(connection->all->loop, &connection->source);
	connection_set_timer(connection, now_usec() + HOLD_MAX_USEC);
}

/* The connection has ended without a byte. */
static void lost(struct connection *connection)
{
	struct connections *all = connection->all;

	if (all->lost && connection->delivery.pid == all->backend.pid)
		all->lost(all);
	connection_close(connection, "empty");
}

void connection_ended(struct connection *connection)
{
	bool closed = closed_by_peer(connection);

	learn_from_end(connection, closed);
	if (connection->buffer.length == 0) {
		lost(connection);
		return;
	}
	if (connection->state != CONNECTION_TAKEN) {
		connection->byte_due = connection_is_answered_with_byte(connection);
		connection_deliver(connection);
	}
	hold_or_end(connection, closed);
}
