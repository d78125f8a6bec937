/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a boot as a table: when, how long after the step before, how long the guest was held, and what. */
#ifndef TIMELINE_TABLE_H
#define TIMELINE_TABLE_H

#include <stdio.h>

#include "state/state.h"

/* Whether it could be written, the caller asks the stream. */
void timeline_print(const struct state *state, FILE *out);

#endif
