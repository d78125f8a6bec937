/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's connection: bytes to one message, the message to the plugins, and the guest held until
 * the message has been dealt with. Never a byte is written to the guest.
 *
 *                    | bytes               | EOF              | timer              | outbox done
 *   -----------------+---------------------+------------------+--------------------+------------
 *   READING          | append; wait anew   | deliver -> HELD  | shut -> DRAINING   | -
 *   DRAINING         | append              | deliver -> HELD  | discard, close     | -
 *   TAKEN            | append -> READING   | -> HELD          | (see below)        | close
 *   HELD             | not watched         | not watched      | give up, close     | close
 *
 * READING   Nothing is decided. The timer stands at the end of the waiting rule's silence (framing.h)
 *           or, where EOF is waited for, at the connection's deadline.
 * DRAINING  The shim has shut down its sending side, which ends the guest's wait. What was still under
 *           way comes, then EOF; a connection that does not end is discarded: it may be half a message.
 * TAKEN     The plugin said that the message is complete as it stands (BARRIER=1) and it has been
 *           delivered without EOF. The guest is held, without SHUT_WR, until the barrier has come
 *           back, and no less than the waiting rule's silence, lest its shutdown(2) fail. If more
 *           bytes come, it was not complete after all.
 * HELD      The message is whole and with the outbox; the guest goes on when that is done with it,
 *           HOLD_MAX_USEC at the most. Where nothing is left to wait for, the state is skipped.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "manager/outbox.h"
#include "peer.h"
#include "pluginhost/plugin.h"
#include "waiting_rule.h"

/* A guest is held no longer than this for a host that does not take its message. */
#define HOLD_MAX_USEC UINT64_C(10000000)

/* After the deadline, a guest that is shut out has this long to end the connection. */
#define DRAIN_MIN_USEC UINT64_C(500000)

struct connection;

/* A connection that brought bytes, when it has ended. */
struct connection_end {
	uint64_t accepted_usec; /* CLOCK_MONOTONIC */
	uint64_t held_usec;     /* from then to its end */
	size_t bytes;
	uint32_t port; /* of the guest's, or PEER_PORT_UNKNOWN */
};

/* All connections of a shim, and what they work with. Fill in up to max, the rest is zero. */
struct connections {
	struct loop *loop;
	struct outbox *outbox;
	struct plugin_list *plugins;
	struct peer_rule peer_rule;
	struct waiting_options waiting;
	uint64_t frame_timeout_usec;
	uint32_t max;
	/* Called for each that has ended after it brought bytes; or NULL. */
	void (*ended)(struct connections *connections, const struct connection_end *end);
	/* Called when the last connection has gone. */
	void (*none_left)(struct connections *connections);

	struct backend backend;
	struct connection *first;
	uint32_t count;
	uint64_t last_id;
};

/*
 * Takes over fd, a nonblocking connection that has just been accepted. One that may not speak, or for
 * which there is no room or memory, is closed at once (rules: admission.c).
 */
void connections_add(struct connections *connections, int fd);

/*
 * Closes the oldest connection that is of the least use, as for a new one over the limit. Returns whether
 * there was one.
 */
bool connections_give_way(struct connections *connections);

/* Closes all. none_left is not called. */
void connections_close_all(struct connections *connections);

#endif
