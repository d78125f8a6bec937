/* SPDX-License-Identifier: Apache-2.0 */
/* One connection, for the files that work on it: admission.c admits it, connection.c reads it, connection_end.c ends it. */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include "connection.h"
#include "message_buffer.h"

/*
 * On a busy host a guest may take this long to send its first byte, or to end after our answer: the slowest that were
 * measured with both cores busy (waiting_rule.h).
 */
#define ADMISSION_YOUNG_USEC UINT64_C(150000)

enum connection_state {
	CONNECTION_READING,
	CONNECTION_DRAINING,
	CONNECTION_TAKEN,
	CONNECTION_HELD,
	CONNECTION_LEAVING
};

struct connection {
	struct connections *all;
	struct connection *next;
	struct loop_fd source;
	struct loop_timer timer;
	enum connection_state state;
	int fd;
	uint64_t accepted_usec;
	uint64_t first_byte_usec; /* from accept to the first byte */
	uint64_t last_byte_usec;
	uint64_t answered_usec; /* when we ended the guest's wait; 0: we have not */
	bool byte_due;          /* a byte answers the message */
	bool byte_sent;
	bool overdue; /* the deadline came before the end of file */
	bool waited;  /* TAKEN: the silence is over */
	struct delivery delivery;
	struct message_buffer buffer;
};

/* --- connection.c */

/* Begins: the connection is read in the last pass of the loop's round. The caller has set all, fd and delivery. */
void connection_start(struct connection *connection);

/* --- connection_end.c */

void connection_set_timer(struct connection *connection, uint64_t deadline_usec);

/* When the message must have ended. */
uint64_t connection_deadline(const struct connection *connection);

/* What the plugins say of the bytes that have come. They are asked once for the same bytes. */
enum vsn_verdict connection_judge(struct connection *connection);

/* Whether a byte answers what has come (answer_rule.h). */
bool connection_is_answered_with_byte(struct connection *connection);

/* Ends the guest's wait with a byte. Returns false if the guest is not there any more. */
bool connection_send_byte(struct connection *connection);

/* Hands the message on. Afterwards the hold says what there is to wait for. */
void connection_deliver(struct connection *connection);

/* The guest does not wait for its hold any more, if it has one. */
void connection_forget_hold(struct connection *connection);

/* The message has been dealt with. */
void connection_hold_released(struct hold *hold);

/* The end of file has come. The message of a TAKEN connection has been delivered already. */
void connection_ended(struct connection *connection);

/* The message has ended and there is nothing to hold the guest for. */
void connection_end(struct connection *connection);

/* Closes it, whatever state it is in, and frees it. how: for the log. */
void connection_close(struct connection *connection, const char *how);

#endif
