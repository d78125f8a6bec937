/* SPDX-License-Identifier: Apache-2.0 */
/* What one message becomes: the datagram that is put together line by line, and what else follows from it. */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include <stdbool.h>
#include <stddef.h>

#include "fields.h"
#include "policy.h"
#include "status_text.h"

/* What the service manager takes as one message (systemd's NOTIFY_BUFFER_MAX, PIPE_BUF). */
#define TRANSLATION_LONGEST 4096

/* Room for the lines that may be added to a guest's, which its own fields but STATUS= leave free. */
#define TRANSLATION_ADDED_MAX 256
#define TRANSLATION_MAX       (TRANSLATION_LONGEST + TRANSLATION_ADDED_MAX + STATUS_PREFIX_MAX)

struct translation {
	const struct policy *policy;
	const struct status_style *style;
	char text[TRANSLATION_MAX];
	uint32_t told;     /* kinds of lines that are there, as bits */
	size_t length;     /* 0: nothing to tell */
	size_t status_at;  /* where the text of STATUS= begins */
	size_t status_end; /* and ends; 0: there is none */
	bool state;        /* has a change of state in it */
	bool status;  /* of the guest or its VM there is a STATUS= to tell, or none is wanted */
	bool barrier; /* the message was BARRIER=1 and nothing else */
	unsigned malformed; /* lines that are no assignment */
	unsigned exceeded;  /* lines that were not told because of a limit (limits.h) */
};

/* Everything as before any message. policy and style are the caller's and stay. */
void translation_begin(struct translation *translation, const struct policy *policy,
                       const struct status_style *style);

/*
 * Appends a line of that kind, unless there is one, the user wants none of it or there is no room.
 * printf-like: no guest bytes but clean ones.
 */
void translation_line(struct translation *translation, enum policy_field kind, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));

/* Whether a line of that kind is there: then another has no effect. Of extensions each has. */
bool translation_has(const struct translation *translation, enum policy_field kind);

/* Appends a STATUS= in the style that is asked for, made fit to be shown. Only the first counts. */
void translation_status(struct translation *translation, const char *text, size_t length);

/* Appends a guest's field as it is, its value made fit to be shown; likewise, but of extensions each. */
void translation_field(struct translation *translation, enum policy_field kind,
                       const struct field *field);

/* Nothing more comes: cuts the STATUS= to what a message may be long. */
void translation_end(struct translation *translation);

#endif
