/* SPDX-License-Identifier: Apache-2.0 */
/* The socket that notify-sink plays the host's service manager on. */
#ifndef NOTIFY_SINK_SOCKET_H
#define NOTIFY_SINK_SOCKET_H

#include <stdint.h>

#define SINK_HELD_MAX 256
#define SINK_NEVER    INT64_MAX

/* A barrier's pipe end that is kept open, and until when. */
struct held_barrier {
	int fd;
	int64_t until_usec;
};

struct sink {
	const char *address; /* a path, or @name for an abstract socket */
	int fd;              /* -1 while gone */
	int64_t start_usec;
	int64_t hold_usec; /* how long a barrier stays unanswered */
	unsigned long datagrams;
	struct held_barrier held[SINK_HELD_MAX];
	unsigned int held_count;
};

/* The monotonic clock, in microseconds. */
int64_t sink_clock_usec(void);

/* Binds the socket. Returns 0, or a negative errno after an error line. */
int sink_bind(struct sink *sink);

/*
 * Prints what is queued, at most @limit datagrams, and answers their barriers or begins to hold
 * them. Returns 0, or a negative errno after an error line.
 */
int sink_drain(struct sink *sink, unsigned int limit);

/* Drains, then closes and unlinks the socket. Nothing happens where it is gone already. */
int sink_unbind(struct sink *sink);

/* Answers the held barriers that are due. Returns when the next one is, or SINK_NEVER. */
int64_t sink_answer_due(struct sink *sink);

#endif
