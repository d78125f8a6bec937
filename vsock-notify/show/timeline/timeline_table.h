/* SPDX-License-Identifier: Apache-2.0 */
/* A boot as a table: when, how long since the step before, how long the guest was held for saying so, and what. */
#ifndef TIMELINE_TABLE_H
#define TIMELINE_TABLE_H

#include <stdio.h>

#include "state/state.h"

/* Returns 0, or -EIO where out does not take it. */
int timeline_print(const struct state *state, FILE *out);

#endif
