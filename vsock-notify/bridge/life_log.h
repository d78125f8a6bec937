/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs each event of the guest's life as a line, with fields for the journal (docs/journal.md lists both). It decides
 * nothing: the notify plugin emits each edge once.
 *
 * Lines that a guest can cause are limited in rate. Its fields have a limit of their own, so that many fields do not hide
 * a change of state. What the host does to the VM is not limited. The first lost message of a life is a line, the others
 * are counted.
 */
#ifndef LIFE_LOG_H
#define LIFE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

/* A value in the journal is cut to this many bytes, its NUL included. */
#define LIFE_LOG_VALUE_MAX 256

/* Zero-initialise. */
struct life_log {
	uint64_t started_usec; /* the VM's start, until the guest's first word; 0: not known */
	uint64_t
		since_usec; /* when the present boot began; 0: not known, or the guest does not boot */
	char hostname[LIFE_LOG_VALUE_MAX]; /* as the journal has it; "": not known */
	uint64_t lost;                     /* messages, in all */
	bool lost_said;                    /* in this life of the guest */
	bool has_begun;                    /* a life of this VM's guest */
	struct log_limit fields;
	struct log_limit moves;
};

void life_log_event(struct life_log *log, const struct vsn_event *event);

/* To be called after the last event: if more than one message was lost, logs how many. */
void life_log_finish(const struct life_log *log);

/* VSOCK_NOTIFY_EVENT= and MESSAGE_ID= of the events, numbered from 0; NULL after the last. */
const char *life_log_name(unsigned number);
const char *life_log_message_id(unsigned number);

#endif
