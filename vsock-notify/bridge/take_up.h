/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes up the state that another process of ours has left, so that "systemctl restart" does not forget a guest, which says
 * READY=1 only once.
 *
 * The left file is taken up if it is ours and in memory (state_file_read()), is of the same VM by name and socket, and the
 * process that connected for the guest still lives: then the guest went on meanwhile. A state that has ended is not.
 */
#ifndef TAKE_UP_H
#define TAKE_UP_H

#include <stdbool.h>

#include "state/state_file.h"

/*
 * state: with its name, its socket and its writer's identity filled in, which stay. Everything else becomes what the file
 * says. Returns whether the state was taken up. If it was not, state is unchanged.
 */
bool take_up(struct state *state, const struct state_file *file);

/* The number of VM_TAKEN_UP for such a state. */
int take_up_number(const struct state *state);

#endif
