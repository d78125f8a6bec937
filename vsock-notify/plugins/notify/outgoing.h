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

/* Room for the lines that may be added to a guest's, which its own fields but STATUS= leave free. */
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

/* Everything as before any message. policy, style and limits are the caller's and stay. */
void outgoing_begin(struct outgoing *outgoing, const struct policy *policy,
                    const struct status_style *style, struct limits *limits, uint64_t now_usec);

/*
 * Appends a line of that kind, unless there is one, the user wants none of it or there is no room.
 * printf-like: no guest bytes but clean ones.
 */
void outgoing_line(struct outgoing *outgoing, enum policy_field kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether a line of that kind is there: then another has no effect. Of extensions each has. */
bool outgoing_has(const struct outgoing *outgoing, enum policy_field kind);

/* Appends a STATUS= in the style that is asked for, made fit to be shown. Only the first counts. */
void outgoing_status(struct outgoing *outgoing, const char *text, size_t length);

/*
 * Appends a guest's field, its value made fit to be shown. Of a kind only the first is appended, but every extension is.
 */
void outgoing_field(struct outgoing *outgoing, enum policy_field kind, const struct field *field);

/* Nothing more comes: cuts the STATUS= to what a message may be long. */
void outgoing_end(struct outgoing *outgoing);

#endif
