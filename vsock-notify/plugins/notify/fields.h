/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notification taken apart: newline-separated NAME=VALUE assignments, sd_notify(3). Pure functions.
 *
 * What is read how, the same as systemd's own manager does it:
 *   one NUL byte at the end is ignored; another one anywhere spoils the message
 *   a carriage return ends a line as a newline does
 *   empty lines are skipped; the last line needs no newline
 *   a line without '=', or with nothing before it, is no assignment and is skipped
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* Views into the message; not NUL-terminated. */
struct field {
	const char *name;
	size_t name_length;
	const char *value;
	size_t value_length;
};

/* The length without a NUL at the end, or -1 where the message has another NUL byte. */
long fields_length(const char *text, size_t length);

/*
 * Reads the assignment at *cursor, which it moves on. Returns false at the end. Lines that are no
 * assignment are skipped and counted in *skipped.
 */
bool fields_next(const char **cursor, const char *end, struct field *field, unsigned *skipped);

bool field_is(const struct field *field, const char *name);
bool field_value_is(const struct field *field, const char *value);
bool field_value_is_one_of(const struct field *field, const char *const *values, size_t count);
bool field_name_begins(const struct field *field, const char *prefix);

/* The field's value as a decimal number of at most max; false where it is none. */
bool field_number(const struct field *field, unsigned long long max, unsigned long long *number);

#endif
