/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state as the text of its file: KEY=VALUE lines. The format's version comes first and "END=1" last, so that a reader
 * can tell a whole state file from anything else. docs/vsock-notify.state.5 documents the keys. A text that is read is not
 * trusted: anybody may have written it.
 */
#ifndef STATE_FORMAT_H
#define STATE_FORMAT_H

#include "state.h"

/* What the first line begins with. The format's version follows. */
#define STATE_FIRST_KEY "VSOCK_NOTIFY_STATE="

/*
 * Writes to fd through a small buffer, because a resident process pays for each page that it touches. Returns 0, or the
 * negative errno of the first write(2) that failed.
 */
int state_write(const struct state *state, int fd);

/* What is wrong with a file. */
enum state_fault {
	STATE_FINE,
	STATE_FOREIGN,   /* it is not a state file */
	STATE_NEWER,     /* its version is newer than ours */
	STATE_TRUNCATED, /* its end is missing */
	STATE_DAMAGED    /* a line has a form or value that is not allowed */
};

/*
 * Pure. Reads text, which must end in a NUL, and modifies it. Unknown keys are skipped: a later release may have added them. If the
 * result is not STATE_FINE, *state is undefined, and *line, unless line is NULL, is the number of the faulty line, from 1.
 */
enum state_fault state_read(struct state *state, char *text, unsigned *line);

/* The fault in words, for a message about the file: "is not whole". */
const char *state_fault_name(enum state_fault fault);

#endif
