/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has happened to the guest, a log line each, with fields for the journal (docs/journal.md lists both). What the
 * guest only repeats is not said again: READY=1 comes whenever its job queue runs empty.
 *
 * What a guest can cause is limited in rate: its fields apart from its changes of state, so that many of the one
 * do not hide the other. What the host does to the VM is not.
 */
#ifndef LIFE_LOG_H
#define LIFE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "state/state.h"

/* Of a value as the journal has it; the rest is cut off. */
#define LIFE_LOG_VALUE_MAX 256

/* Zero-initialise. */
struct life_log {
	enum state_life life;
	uint64_t since_usec; /* the VM's start, its reboot, or the guest's first word; 0: unknown */
	char hostname[LIFE_LOG_VALUE_MAX]; /* as the journal has it; "": not known */
	char way[LIFE_LOG_VALUE_MAX];      /* of the last shutdown that was said */
	struct log_limit fields;
	struct log_limit moves;
};

void life_log_event(struct life_log *log, const struct vsn_event *event);

/* Of the events, by its number from 0: what VSOCK_NOTIFY_EVENT= has, and its MESSAGE_ID=. NULL after the last. */
const char *life_log_name(unsigned number);
const char *life_log_message_id(unsigned number);

#endif
