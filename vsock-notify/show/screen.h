/* SPDX-License-Identifier: Apache-2.0 */
/* What standard output, or standard error, is: a terminal, how wide, whether it has colours, moves its cursor and reads UTF-8. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "state/state.h"
#include "writer.h"

struct screen {
	FILE *out;
	bool live;       /* the cursor can be moved */
	bool colours;    /* $NO_COLOR is not set */
	bool utf8;       /* always in a pipe: the locale is the terminal's */
	unsigned width;  /* in columns; 0: any */
	unsigned height; /* in rows; 0: any */
};

void screen_init(struct screen *screen, FILE *out);

/* It may have been made larger or smaller. */
void screen_measure(struct screen *screen);

/* Its writer is gone without a last word; a panic stays one to the end, which brings the exit status. */
bool screen_was_killed(const struct state *state, enum writer writer);

/* A state's name; of one that is not what it says any more because its writer is gone, "gone". */
const char *screen_state_name(const struct state *state, enum writer writer);

/* Sequences around what is of a state, or empty. */
const char *screen_colour(const struct screen *screen, const struct state *state,
                          enum writer writer);
const char *screen_bold(const struct screen *screen);
const char *screen_plain(const struct screen *screen);

#endif
