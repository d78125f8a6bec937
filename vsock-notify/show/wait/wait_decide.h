/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what is waited for has come, may come, or can come no more. Pure.
 *
 * What came after the waiting began counts, even where it is no more so: a guest that was ready for the moment between two looks
 * was ready.
 *
 *   emergency   may end in anything: somebody may mend it
 *   stopping    may be the beginning of a reboot, so it is waited for what follows
 *   stopped     is the end, but for a guest that said it reboots, and whose VM nobody here sees end
 *   panicked    the end comes, and nothing else
 *   no file     before the first: not started yet. After it: as the writer is, who removes it at its end
 */
#ifndef WAIT_DECIDE_H
#define WAIT_DECIDE_H

#include "show/writer.h"
#include "state/state.h"

enum wait_kind {
	WAIT_READY,
	WAIT_EXIT,
	WAIT_UNIT,
	WAIT_FIELD
};

struct wait_condition {
	enum wait_kind kind;
	const char *name; /* of the unit, or the field */
	size_t name_length;
	const char *value;   /* of the field */
	uint64_t begun_usec; /* when the waiting did, CLOCK_MONOTONIC */
};

/* What is known. */
struct wait_facts {
	const struct state *state; /* the newest; NULL: none was seen */
	uint64_t looked_usec;      /* when it was read, CLOCK_MONOTONIC */
	enum writer writer;        /* of it */
	bool ended;      /* its writer said that it ends, and removed the file or left it there */
	int exit_status; /* that it said then; -1: none */
};

enum wait_outcome {
	WAIT_ON,
	WAIT_REACHED,
	WAIT_NEVER
};

/* "ready", "exit", "unit:NAME", "field:NAME=VALUE". Returns 0, or -EINVAL. Keeps pointers into text. */
int wait_condition_parse(const char *text, struct wait_condition *condition);

enum wait_outcome wait_decide(const struct wait_condition *condition,
                              const struct wait_facts *facts);

/* The guest's exit status as far as it is known, or -1. */
int wait_exit_status(const struct wait_facts *facts);

/* Room for any of these. */
#define WAIT_REASON_MAX 128

/* Why it can be reached no more: "the guest has stopped, exit status 42". */
void wait_reason(const struct wait_facts *facts, char reason[WAIT_REASON_MAX]);

#endif
