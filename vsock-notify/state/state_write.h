/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state as the text of its file: KEY=VALUE lines, the format's version first and "END=1" last, so that a
 * file that is not whole, or is none of ours, is known. The keys are documented in docs/vsock-notify.state.5.
 */
#ifndef STATE_WRITE_H
#define STATE_WRITE_H

#include "state.h"

/*
 * Writes it piece by piece through a small buffer: a resident process is not to touch pages for all of it. Returns 0, or
 * the first negative errno of write(2).
 */
int state_write(const struct state *state, int fd);

#endif
