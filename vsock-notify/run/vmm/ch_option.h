/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of cloud-hypervisor's options, "key=value,key=[a,b],flag": a comma separates, except
 * within '"' quotes (where nothing else is special) and '[' brackets. Pure functions; what they
 * accept is what cloud-hypervisor 53 accepts (its crate option_parser).
 */
#ifndef CH_OPTION_H
#define CH_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* Views into the value. */
struct ch_option_part {
	const char *key;
	size_t key_length;
	const char *value; /* NULL: a flag, without '=' */
	size_t value_length;
};

/* Returns NULL where quotes and brackets are balanced, else what is wrong with text (a constant). */
const char *ch_option_fault(const char *text);

/*
 * Reads the part at *cursor, which it moves on (to NULL after the last). White space around key and
 * value is not theirs. False at the end.
 */
bool ch_option_next(const char **cursor, struct ch_option_part *part);

/* The part with that key, the last where there are more; false where there is none. */
bool ch_option_find(const char *text, const char *key, struct ch_option_part *part);

/*
 * A value without its surrounding quotes, "" within quotes being one quote. To be freed; NULL where
 * there is no memory.
 */
char *ch_option_unquote(const char *value, size_t length);

/* The other way round: value as it must be written. To be freed; NULL where there is no memory. */
char *ch_option_quote(const char *value);

/* The list's items one by one, as they are, quotes too: *cursor is the value of a "key=[a,b]" part, *length what is left. */
bool ch_option_list_next(const char **cursor, size_t *length, const char **item,
                         size_t *item_length);

#endif
