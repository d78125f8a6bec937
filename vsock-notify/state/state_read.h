/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the text of a state file, the reverse of state_write.h. Pure. The text is not trusted: anybody may have written it. */
#ifndef STATE_READ_H
#define STATE_READ_H

#include "state.h"

/* What is wrong with a file. */
enum state_fault {
	STATE_FINE,
	STATE_FOREIGN,   /* it is not a state file */
	STATE_NEWER,     /* its version is newer than ours */
	STATE_TRUNCATED, /* its end is missing */
	STATE_DAMAGED    /* a line has a form or value that is not allowed */
};

/*
 * Reads text, which must end in a NUL, and modifies it. Unknown keys are skipped: a later release may have added them. If the
 * result is not STATE_FINE, *state is undefined, and *line, unless line is NULL, is the number of the faulty line, from 1.
 */
enum state_fault state_read(struct state *state, char *text, unsigned *line);

/* The fault in words, for a message about the file: "is not whole". */
const char *state_fault_name(enum state_fault fault);

#endif
