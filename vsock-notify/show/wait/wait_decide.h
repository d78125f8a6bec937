/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides whether a wait has succeeded, goes on, or cannot succeed any more. Pure.
 *
 * A wait succeeds if its condition was true at any moment since it began, even if it is not true now: a guest may be ready
 * only between two looks. How a guest's state decides:
 *
 *   emergency   goes on: somebody may repair the guest
 *   stopping    goes on: a reboot may follow
 *   stopped     is the end, unless the guest announced a reboot and vsock-notify does not see the end of its VM
 *   panicked    only the VM's end can follow
 *   no file     before the first state: the VM has not started yet. After it: the writer removes the file at its end, so
 *               whether the writer is alive decides
 */
#ifndef WAIT_DECIDE_H
#define WAIT_DECIDE_H

#include "show/vm_watch.h"

enum wait_kind {
	WAIT_READY,
	WAIT_EXIT,
	WAIT_UNIT,
	WAIT_FIELD
};

struct wait_condition {
	enum wait_kind kind;
	const char *name; /* of the unit or field; ends after name_length */
	size_t name_length;
	const char *value;   /* of the field */
	uint64_t begun_usec; /* when the wait began, CLOCK_MONOTONIC */
};

enum wait_outcome {
	WAIT_ON,
	WAIT_REACHED,
	WAIT_NEVER
};

/* Parses "ready", "exit", "unit:NAME" or "field:NAME=VALUE". Returns 0, or -EINVAL. The condition points into text. */
int wait_condition_parse(const char *text, struct wait_condition *condition);

enum wait_outcome wait_decide(const struct wait_condition *condition, const struct vm_facts *facts);

/* The guest's exit status, or -1 if it is not known. */
int wait_exit_status(const struct vm_facts *facts);

/* Room for any reason. */
#define WAIT_REASON_MAX 128

/* Why the wait cannot succeed any more: "the guest has stopped, exit status 42". */
void wait_reason(const struct vm_facts *facts, char reason[WAIT_REASON_MAX]);

#endif
