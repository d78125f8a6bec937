/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of a stranger's are text that can be shown. Pure. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of the printable character at text, of which there is at least one, in UTF-8 (RFC 3629: no
 * overlong forms, no surrogates); 0 where there is none: a control character, a noncharacter, no UTF-8.
 */
size_t utf8_printable(const char *text, size_t available);

/* Which character it is, of that length as utf8_printable() has it; of a byte that is none, its value. */
uint32_t utf8_code_point(const char *text, size_t length);

#endif
