/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the printable characters in bytes from a guest. Pure functions. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns the length in bytes of the printable UTF-8 character at text, of which at least one byte is available. Returns 0
 * for a control character, a noncharacter, or bytes that are not UTF-8 (RFC 3629: no overlong forms, no surrogates).
 */
size_t utf8_printable(const char *text, size_t available);

/* Returns the code point of the character at text, whose length utf8_printable() returned. For a single byte, its value. */
uint32_t utf8_code_point(const char *text, size_t length);

#endif
