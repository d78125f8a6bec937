/* SPDX-License-Identifier: Apache-2.0 */
/* One connection, for the two files that work on it: admission.c, which admits it, and connection.c. */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include "connection.h"
#include "message_buffer.h"

/*
 * On a busy host a guest may take this long to send its first byte, or to end after our SHUT_WR: the slowest that were
 * measured with both cores busy (waiting_rule.h).
 */
#define ADMISSION_YOUNG_USEC UINT64_C(150000)

enum connection_state {
	CONNECTION_READING,
	CONNECTION_DRAINING,
	CONNECTION_TAKEN,
	CONNECTION_HELD
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
	uint64_t shut_usec; /* when we shut down our side; 0: we have not */
	bool overdue;       /* the deadline came before the end of file */
	bool waited;        /* TAKEN: the silence is over */
	struct delivery delivery;
	struct message_buffer buffer;
};

/* Begins: the connection is read in the last pass of the loop's round. The caller has set all, fd and delivery. */
void connection_start(struct connection *connection);

/* Ends it, whatever state it is in, and frees it. how: for the log. */
void connection_close(struct connection *connection, const char *how);

#endif
