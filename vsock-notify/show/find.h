/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the one VM that an operand of the command line means, by a path (place.h) or by its name (runtime.h). */
#ifndef FIND_H
#define FIND_H

#include "base/failure.h"
#include "state/state.h"

struct found {
	struct state *state;
	char *path; /* of the state file */
};

/* Finds and reads the state. Returns 0, or a negative errno. Free it with found_free() if 0 was returned. */
int find_state(const char *operand, struct found *found, struct failure *failure);

/*
 * Finds the path of the state file. Returns 0, and the caller frees *path; or a negative errno, and *path is NULL: -ENOENT
 * without a failure set if there is no such file, which may be made later; -ENOTUNIQ if the operand means several VMs.
 */
int find_path(const char *operand, char **path, struct failure *failure);

void found_free(struct found *found);

#endif
