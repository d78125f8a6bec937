/* SPDX-License-Identifier: Apache-2.0 */
/* What one message becomes: the datagram that is put together line by line, and what else follows from it. */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include <stdbool.h>
#include <stddef.h>

#include "fields.h"
#include "life.h"

/* Room for the longest message and the lines that may be added to it. */
#define TRANSLATION_ADDED_MAX 256
#define TRANSLATION_MAX       (4096 + TRANSLATION_ADDED_MAX)

struct translation {
	char text[TRANSLATION_MAX];
	size_t length;      /* 0: nothing to tell */
	bool state;         /* has a change of state in it */
	bool status;        /* has a STATUS= */
	bool barrier;       /* the message was BARRIER=1 and nothing else */
	bool systemd;       /* the message had an X_SYSTEMD_ field: PID 1 spoke */
	bool shutdown;      /* it had X_SYSTEMD_SHUTDOWN */
	int exit_status;    /* the guest's, said with its end; -1: not said */
	unsigned malformed; /* lines that are no assignment */
	enum life_news news;
};

/* Everything as before any message. */
void translation_begin(struct translation *translation);

/* Appends a line, or nothing where there is no room. printf-like: no guest bytes but clean ones. */
void translation_line(struct translation *translation, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Appends the field as it is, a STATUS= made fit to be shown. */
void translation_field(struct translation *translation, const struct field *field);

#endif
