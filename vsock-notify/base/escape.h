/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Escapes bytes from a guest for the state file: printable UTF-8 stays as it is; the backslash and any other byte become
 * \xNN. The result is one line and can be shown on a terminal. Pure functions.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

/* The most bytes that one byte, or one character, becomes. */
#define ESCAPE_MAX 4

/*
 * Escapes one character at text, of which at least one byte is available, into out, which has room for ESCAPE_MAX bytes.
 * Returns the number of bytes that were read; *used becomes the number of bytes that were written.
 */
size_t escape_bytes(const char *text, size_t available, char *out, size_t *used);

/* Undoes the escaping in place. Returns the new length, or -1 if the text is not the result of escaping. */
long unescape_bytes(char *text);

#endif
