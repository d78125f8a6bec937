/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the one VM that an operand of the command line means, by a path (place.h) or by its name (runtime.h). */
#ifndef FIND_H
#define FIND_H

#include "base/failure.h"
#include "state/state.h"

/* Finds and reads the state. Returns 0, or a negative errno. In any case the caller frees *path, of the state file, and *state. */
int find_state(const char *operand, char **path, struct state **state, struct failure *failure);

/*
 * Finds the path of the state file. Returns 0, and the caller frees *path; or a negative errno, and *path is NULL: -ENOENT
 * without a failure set if there is no such file, which may be made later; -ENOTUNIQ if the operand means several VMs.
 */
int find_path(const char *operand, char **path, struct failure *failure);

#endif
