/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of cloud-hypervisor's options, such as "key=value,key=[a,b],flag". A comma separates two parts, except within
 * '[' brackets and '"' quotes; within quotes nothing else is special. These pure functions accept what cloud-hypervisor 53
 * accepts (its crate option_parser).
 */
#ifndef CH_VALUE_H
#define CH_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* One part of a value. The pointers point into the value. */
struct ch_value_part {
	const char *key;
	size_t key_length;
	const char *value; /* NULL: the part has no '=' */
	size_t value_length;
};

/* Returns NULL if quotes and brackets are balanced, else a constant string that says what is wrong with text. */
const char *ch_value_fault(const char *text);

/*
 * Reads the part at *cursor and moves *cursor to the next part, or to NULL after the last one. White space around key and
 * value is left out. Returns false at the end.
 */
bool ch_value_next(const char **cursor, struct ch_value_part *part);

/* Finds the part with this key, the last one if there are several. Returns false if there is none. */
bool ch_value_find(const char *text, const char *key, struct ch_value_part *part);

/* Returns the value without its quotes; "" within quotes becomes one quote. The caller frees it. NULL: no memory. */
char *ch_value_unquote(const char *value, size_t length);

/* The reverse: returns the value with the quotes that it needs. The caller frees it. NULL: no memory. */
char *ch_value_quote(const char *value);

/*
 * Reads the items of a list one by one, with their quotes. *cursor is the value of a part such as "key=[a,b]", *length the
 * number of bytes that are left of it. Returns false at the end.
 */
bool ch_value_list_next(const char **cursor, size_t *length, const char **item,
                        size_t *item_length);

#endif
