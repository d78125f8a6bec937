/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strangers' bytes as values of the state file: printable UTF-8 as it is, anything else, and the backslash, as
 * \xNN. So a value is one line, and can be shown on a terminal. Pure.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

/* What one byte may become. */
#define ESCAPE_MAX 4

/*
 * Escapes the character at text, of which there is at least one byte, into out (ESCAPE_MAX bytes). Returns how many bytes
 * of text that was, and in *used how many bytes it has become.
 */
size_t escape_bytes(const char *text, size_t available, char *out, size_t *used);

/* Undoes it in place. Returns the length, or -1 where it is not what was escaped. A NUL follows. */
long unescape_bytes(char *text);

#endif
