/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes a notification apart: NAME=VALUE assignments, one a line, sd_notify(3). Pure functions. As in systemd's manager:
 *   one NUL byte at the end is ignored; a message with another one is refused
 *   a carriage return ends a line as a newline does
 *   empty lines are skipped; the last line needs no newline
 *   a line without '=', or with nothing before it, is not an assignment and is skipped
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
 * assignment are skipped and, unless skipped is NULL, counted in *skipped.
 */
bool fields_next(const char **cursor, const char *end, struct field *field, unsigned *skipped);

bool field_is(const struct field *field, const char *name);
bool field_value_is(const struct field *field, const char *value);
bool field_value_is_one_of(const struct field *field, const char *const *values, size_t count);
bool field_name_begins(const struct field *field, const char *prefix);

/* Reads the field's value as a decimal number. Returns false if it is not one, or is more than max. */
bool field_number(const struct field *field, unsigned long long max, unsigned long long *number);

#endif
