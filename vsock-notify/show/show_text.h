/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes text of guests and other strangers safe to show, on a terminal or in a pipe. base/escape.h decides which characters
 * pass. Here two more kinds are escaped as \xNN: characters that are invisible or change the direction of writing, and,
 * for a terminal that does not show UTF-8, everything but ASCII, because such a terminal takes some bytes of UTF-8
 * characters for control characters. Pure.
 */
#ifndef SHOW_TEXT_H
#define SHOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The text, safe to be shown. If it takes more than columns (0: no limit), it is cut and ends in an ellipsis. The caller frees
 * it. NULL: no memory.
 */
char *show_text(const char *text, bool utf8, unsigned columns);

/* The number of columns that a text from show_text() takes. */
unsigned show_columns(const char *shown);

#endif
