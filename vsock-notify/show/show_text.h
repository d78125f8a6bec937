/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strangers' text on a terminal or in a pipe: what state/escape_bytes.h lets through, but for characters that cannot be seen or turn
 * the direction, and, where the terminal does not read UTF-8, for all but ASCII: of some characters the bytes are control
 * characters to it. What does not pass is \xNN. Pure.
 */
#ifndef SHOW_TEXT_H
#define SHOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* How many columns a character takes: 0 (an accent on the one before), 1 or 2. */
unsigned show_width(unsigned long code_point);

/*
 * text, safe to be shown, to be freed; NULL: there is no memory. Of more than columns (0: any number) it is cut, and ends in
 * an ellipsis.
 */
char *show_text(const char *text, bool utf8, unsigned columns);

/* How many columns a text of show_text() takes. */
unsigned show_columns(const char *shown);

#endif
