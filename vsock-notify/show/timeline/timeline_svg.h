/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints a boot as a picture, in the manner of "systemd-analyze plot": a time axis, a bar for each step, a line for the outcome, and how
 * long each notification held the guest. The SVG file needs no other file and no scripts, and is for light and dark.
 */
#ifndef TIMELINE_SVG_H
#define TIMELINE_SVG_H

#include <stdio.h>

#include "state/state.h"

/* Whether it could be written, the caller asks the stream. */
void timeline_svg(const struct state *state, FILE *out);

#endif
