/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's connections, and what happens to one: its bytes become one message, the message is handed to the bridge, and
 * the guest is held until the message has been dealt with. At most one byte is written to a guest: the answer to a message
 * of its PID 1 (answer_rule.h).
 *
 *                    | bytes               | end of file      | timer              | hold released
 *   -----------------+---------------------+------------------+--------------------+--------------
 *   READING          | append              | deliver -> HELD  | shut -> DRAINING   | -
 *   DRAINING         | append              | deliver, end     | discard, close     | -
 *   TAKEN            | append, see below   | -> HELD          | see below          | close
 *   HELD             | not watched         | not watched      | give up, end       | end
 *   LEAVING          | -                   | closed: close    | close              | -
 *
 * READING   Nothing is decided. The timer is set to the end of the waiting rule's silence (waiting_rule.h) or, while the
 *           connection waits for the end of file, to its deadline. If its bytes are answered with a byte and the end of file
 *           is not waited for, the byte is sent at once -> DRAINING.
 * DRAINING  We have ended the guest's wait, by SHUT_WR or by a byte. The bytes that were still under way come, then the end of
 *           file. A connection that does not end is discarded, because it may be half a message.
 * TAKEN     A plugin said that the message is complete as it stands (BARRIER=1), and it has been delivered without an end
 *           of file. The guest is held, without SHUT_WR, until the barrier has returned, and at least for the waiting
 *           rule's silence, or its shutdown(2) would fail. If more bytes come and the message is still complete ("BARRIER=1",
 *           then a newline), it is the same message. Otherwise it has become another message, and is READING.
 * HELD      The message has ended and has been queued for the service manager. The guest goes on when it has been dealt
 *           with, after HOLD_MAX_USEC at the latest. If nothing is left to wait for, or the service manager is away
 *           (manager/patience.h), this state is skipped.
 * LEAVING   The message has been dealt with and the guest has been sent its byte. It closes first: we wait until it has, for
 *           ANSWER_LEAVE_USEC at most.
 * end       Close; but if a byte answers the message, send it, unless that has been done -> LEAVING.
 *
 * Bytes are read in one place only, connection_event(), which the loop calls: in its last pass for a new connection, then
 * for events that epoll reports. So a connection's end is read before what connected after it.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdint.h>

#include "answer_rule.h"
#include "base/delivery.h"
#include "base/loop.h"
#include "peer.h"
#include "waiting_rule.h"

/* After our SHUT_WR a guest has at least this time to end the connection, even if the deadline is earlier. */
#define DRAIN_MIN_USEC UINT64_C(500000)

struct connection;

/* How a connection that brought bytes has ended. */
struct connection_end {
	uint64_t accepted_usec; /* CLOCK_MONOTONIC */
	uint64_t held_usec;     /* from then to its end, or to the answer that came before */
	size_t bytes;
	uint32_t port; /* the guest's, or VSN_PORT_UNKNOWN */
};

/*
 * All connections of a bridge. The caller zero-initialises it and fills in the members up to max and the callbacks; the
 * rest is admission.c's and connection.c's. deliver and cancel are needed, the other callbacks may be NULL.
 */
struct connections {
	struct loop *loop;
	struct peer_rule peer_rule;
	struct waiting_options waiting;
	enum answer_mode answer;
	uint64_t frame_timeout_usec;
	uint32_t max;

	/* What the bytes of a message that has not ended tell about it. */
	enum vsn_verdict (*peek)(struct connections *connections, const char *text, size_t length);
	/* Hands a whole message on. Afterwards delivery->hold says what the guest is held for. */
	void (*deliver)(struct connections *connections, struct delivery *delivery);
	/* The guest does not wait for this hold any more. */
	void (*cancel)(struct connections *connections, struct hold *hold);
	/*
	 * Another process connects for the guest: the first, or one in the place of a VMM that has ended (admission.c).
	 * None of its bytes has been read.
	 */
	void (*process_changed)(struct connections *connections, int64_t pid);
	/* A connection that brought bytes has ended. */
	void (*ended)(struct connections *connections, const struct connection_end *end);
	/*
	 * A connection that the guest's VMM made has ended without a byte: a message is lost. Not called for the connections
	 * of another process beside the VMM, such as one that tries whether somebody listens.
	 */
	void (*lost)(struct connections *connections);
	/* The last connection has gone. */
	void (*none_left)(struct connections *connections);

	struct backend backend;
	struct connection *first;
	uint32_t count;
	uint64_t last_id;
};

#endif
