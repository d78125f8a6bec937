/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot as a picture, in the manner of "systemd-analyze plot": a time axis, a bar for each step, readiness as a line, and how long each
 * notification held the guest. An SVG file that stands alone: no scripts, nothing to load, for light and dark.
 */
#ifndef TIMELINE_SVG_H
#define TIMELINE_SVG_H

#include <stdio.h>

#include "state/state.h"

/* Returns 0, or -EIO where out does not take it. */
int timeline_svg(const struct state *state, FILE *out);

#endif
