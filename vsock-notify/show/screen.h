/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the output stream can show: whether it is a terminal, how wide, with colours, with a cursor that can be moved, and
 * whether it shows UTF-8. Also the words and colours for states, which are the same in all views.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "state/state.h"
#include "writer.h"

struct screen {
	FILE *out;
	bool live;       /* a terminal whose cursor can be moved */
	bool colours;    /* $NO_COLOR is not set */
	bool utf8;       /* true for a pipe: the locale only tells about the terminal */
	unsigned width;  /* in columns; 0: no limit */
	unsigned height; /* in rows; 0: no limit */
};

void screen_init(struct screen *screen, FILE *out);

/* Asks the terminal for its size, which may have changed. */
void screen_measure(struct screen *screen);

/*
 * Whether the writer is gone without having announced the end. After a panic the life stays STATE_PANICKED; there the exit
 * status is the announcement.
 */
bool screen_was_killed(const struct state *state, enum writer writer);

/* The name of the state; "gone" if its writer was killed, because then the state is not true any more. */
const char *screen_state_name(const struct state *state, enum writer writer);

/* Prints a text of strangers, safe to be shown (show_text.h). */
void screen_put(const struct screen *screen, const char *text);

/* Escape sequences for a state's colour, for bold, and back to plain; empty without colours. */
const char *screen_colour(const struct screen *screen, const struct state *state,
                          enum writer writer);
const char *screen_bold(const struct screen *screen);
const char *screen_plain(const struct screen *screen);

#endif
