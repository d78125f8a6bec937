/* SPDX-License-Identifier: Apache-2.0 */
/* The datagram to the service manager that one message of the guest becomes, put together line by line. */
#ifndef OUTGOING_H
#define OUTGOING_H

#include <stdbool.h>
#include <stddef.h>

#include "fields.h"
#include "limits.h"
#include "policy.h"
#include "status_text.h"

/* What the service manager takes as one message (systemd's NOTIFY_BUFFER_MAX, PIPE_BUF). */
#define OUTGOING_LONGEST 4096

/* The guest's own fields, other than STATUS=, leave this many bytes free for lines that the plugin adds. */
#define OUTGOING_ADDED_MAX 256
#define OUTGOING_MAX       (OUTGOING_LONGEST + OUTGOING_ADDED_MAX + STATUS_PREFIX_MAX)

struct outgoing {
	const struct policy *policy;
	const struct status_style *style;
	struct limits *limits;
	uint64_t now_usec;
	uint32_t told;     /* kinds of lines that are there, as bits */
	size_t length;     /* 0: nothing to tell */
	size_t status_at;  /* where the text of STATUS= begins */
	size_t status_end; /* where it ends; 0: there is no STATUS= */
	bool state;        /* has a change of state in it */
	bool status;  /* of the guest or its VM there is a STATUS= to tell, or none is wanted */
	bool barrier; /* the message was BARRIER=1 and nothing else */
	unsigned exceeded; /* lines that were not told because of a limit (limits.h) */
	char text[OUTGOING_MAX];
};

/* Empties outgoing, for the next message. policy, style and limits belong to the caller and must outlive it. */
void outgoing_begin(struct outgoing *outgoing, const struct policy *policy,
                    const struct status_style *style, struct limits *limits, uint64_t now_usec);

/*
 * Appends a line of that kind, unless there is one already, the user has denied it or there is no room. format is
 * printf's; a guest's bytes in the arguments must be clean (status_text.h).
 */
void outgoing_line(struct outgoing *outgoing, enum policy_field kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether a line of that kind is there, so that another one would have no effect. Each extension has one. */
bool outgoing_has(const struct outgoing *outgoing, enum policy_field kind);

/* Appends a STATUS= in the user's style, made fit to be shown (status_text.h). Only the first one counts. */
void outgoing_status(struct outgoing *outgoing, const char *text, size_t length);

/*
 * Appends a guest's field, its value made fit to be shown. Only the first of each kind is appended, but every extension is.
 */
void outgoing_field(struct outgoing *outgoing, enum policy_field kind, const struct field *field);

/* Ends the datagram: shortens the STATUS= if the whole is longer than a message may be. */
void outgoing_end(struct outgoing *outgoing);

#endif
