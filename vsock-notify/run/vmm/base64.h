/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 as systemd decodes a binary credential. A pure function. */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Decodes text into out, which has room for capacity bytes. What does not fit is decoded, counted and dropped. The rules are
 * those of unbase64mem_full() in systemd 262 (src/basic/hexdecoct.c): both alphabets, white space anywhere, and padding that
 * must be complete. Returns the number of decoded bytes, or -1 if text is not Base64.
 */
ssize_t base64_decode(const char *text, size_t length, char *out, size_t capacity);

#endif
