/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a state file from disk. The file may belong to anybody and may be anything, so it is opened without waiting, and
 * only a regular file that is not longer than a state can be is read.
 */
#ifndef LOAD_H
#define LOAD_H

#include "base/failure.h"
#include "state/state.h"

/*
 * Reads the state at path into *state, which the caller frees. Returns 0 or, with the failure set and *state NULL, a negative
 * errno: -ENOENT (there is no file), -ENOMSG (it is not a state file), -EBADMSG (it is a state file, but of a newer
 * version, damaged, or not whole), or another one.
 */
int load_state(const char *path, struct state **state, struct failure *failure);

#endif
