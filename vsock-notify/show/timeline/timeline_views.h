/* SPDX-License-Identifier: Apache-2.0 */
/* The views of a boot: a table and a picture. Whether they could be written, the caller asks the stream. */
#ifndef TIMELINE_VIEWS_H
#define TIMELINE_VIEWS_H

#include <stdio.h>

#include "state/state.h"

/* A table: when, how long after the step before, how long the guest was held, and what. */
void timeline_print(const struct state *state, FILE *out);

/*
 * A picture, in the manner of "systemd-analyze plot": a time axis, a bar for each step, a line for the outcome, and how long each
 * notification held the guest. The SVG file needs no other file and no scripts, and is for light and dark.
 */
void timeline_svg(const struct state *state, FILE *out);

#endif
