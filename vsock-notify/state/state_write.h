/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a state as the text of its file: KEY=VALUE lines. The format's version comes first and "END=1" last, so that a reader
 * can tell a whole state file from anything else. docs/vsock-notify.state.5 documents the keys.
 */
#ifndef STATE_WRITE_H
#define STATE_WRITE_H

#include "state.h"

/*
 * Writes to fd through a small buffer, because a resident process pays for each page that it touches. Returns 0, or the
 * negative errno of the first write(2) that failed.
 */
int state_write(const struct state *state, int fd);

#endif
