/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state file from disk. It may be anybody's, and anything: what is no regular file is not waited for, what is longer than any
 * state is not read, and what is wrong with it is a word for an error line.
 */
#ifndef LOAD_H
#define LOAD_H

#include "state/state.h"

/* What is wrong with a file, to follow its name: "is damaged in line 12". */
struct load_problem {
	char text[128];
};

/*
 * Reads the state at path into *state, to be freed. Returns 0, or with *problem: -ENOENT (there is none), -ENOMSG (it
 * is no state file), -EBADMSG (it is one, and is newer, damaged, or not whole), or another negative errno.
 */
int load_state(const char *path, struct state **state, struct load_problem *problem);

#endif
