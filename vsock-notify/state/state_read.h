/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a state file, read: the reverse of state_write.h. Pure, and at nobody's mercy: the file may be anyone's. */
#ifndef STATE_READ_H
#define STATE_READ_H

#include "state.h"

/* What is wrong with a file. */
enum state_fault {
	STATE_FINE,
	STATE_FOREIGN,   /* it is no state file */
	STATE_NEWER,     /* of a newer version */
	STATE_TRUNCATED, /* its end is missing */
	STATE_DAMAGED    /* a line of it cannot be */
};

/*
 * Reads text, which a NUL follows, and changes it. Keys that are not known are left out: a later release may have added them.
 * On a fault other than STATE_FINE nothing is to be read in *state, but in *line, where it is not NULL, the
 * number of the line that is wrong (1 for the first).
 */
enum state_fault state_read(struct state *state, char *text, unsigned *line);

/* What a fault is, for a message: "is no state file". */
const char *state_fault_name(enum state_fault fault);

#endif
