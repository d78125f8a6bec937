/* SPDX-License-Identifier: Apache-2.0 */
/* What little the guest needs of strings and numbers. */
#ifndef GUEST_TEXT_H
#define GUEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The compiler may call these two by itself, so they are the C library's. */
void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memset(void *to, int byte, size_t length);

size_t text_length(const char *text);
bool text_equal(const char *one, const char *other);

/* what follows prefix in text, or NULL if text does not begin with it */
const char *text_after(const char *text, const char *prefix);

/*
 * Reads a number: decimal, or hexadecimal after 0x. Returns what follows it in text, or NULL if
 * there is no number or it does not fit.
 */
const char *text_number(const char *text, uint32_t *number);

/* needs room for the ten digits of 2^32 - 1; returns how many it wrote, without a NUL */
#define TEXT_DECIMAL_MAX 10
size_t text_decimal(char *to, uint32_t number);

/* how many bytes text has once \n, \s, \\ and \xHH are replaced, or -1 for any other escape */
long text_unescape(char *to, const char *text);

#endif
