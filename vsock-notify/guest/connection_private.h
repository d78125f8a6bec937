/* SPDX-License-Identifier: Apache-2.0 */
/* A connection, for those who let it in (admission.c) and who work on it (connection.c). */
#ifndef CONNECTION_PRIVATE_H
#define CONNECTION_PRIVATE_H

#include "connection.h"
#include "message_buffer.h"

/*
 * So late a guest on a busy host brings its first byte, or ends when it was answered (the slowest that were
 * measured with both cores busy, guest/waiting_rule.h).
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
	struct connection **link;
	struct loop_fd source;
	struct loop_timer timer;
	struct hold hold;
	enum connection_state state;
	int fd;
	uint64_t id;
	uint64_t accepted_usec;
	uint64_t first_byte_usec; /* from accept to the first byte */
	uint64_t last_byte_usec;
	uint64_t shut_usec; /* when the shim shut down its side; 0: it has not */
	bool overdue;       /* the deadline came before EOF */
	bool waited;        /* TAKEN: the silence is over */
	struct peer peer;
	struct message_buffer buffer;
};

/* Begins to read. The members up to state are set, and peer; the connection may be gone afterwards. */
void connection_start(struct connection *connection);

/* Ends it, whatever state it is in, and frees it. how is for the log. */
void connection_close(struct connection *connection, const char *how);

#endif
