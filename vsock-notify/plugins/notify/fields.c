/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a notification apart (rules: fields.h). */
#include "fields.h"

#include <string.h>

/* As many as ULLONG_MAX has. A number with zeros in front may have more digits; it is refused. */
#define FIELD_DIGITS_MAX 20

long fields_length(const char *text, size_t length)
{
	if (length > 0 && text[length - 1] == '\0')
		length--;
	return memchr(text, '\0', length) ? -1 : (long)length;
}

static const char *end_of_line(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line));
	const char *carriage_return;

	if (newline)
		end = newline;
	carriage_return = memchr(line, '\r', (size_t)(end - line));
	return carriage_return ? carriage_return : end;
}

bool fields_next(const char **cursor, const char *end, struct field *field, unsigned *skipped)
{
	while (*cursor < end) {
		const char *line = *cursor;
		const char *line_end = end_of_line(line, end);
		const char *equals = memchr(line, '=', (size_t)(line_end - line));

		*cursor = line_end < end ? line_end + 1 : end;
		if (line == line_end)
			continue;
		if (!equals || equals == line) {
			if (skipped)
				(*skipped)++;
			continue;
		}
		*field = (struct field){
			.name = line,
			.name_length = (size_t)(equals - line),
			.value = equals + 1,
			.value_length = (size_t)(line_end - equals - 1),
		};
		return true;
	}
	return false;
}

static bool equal(const char *bytes, size_t length, const char *text)
{
	return strlen(text) == length && memcmp(bytes, text, length) == 0;
}

bool field_is(const struct field *field, const char *name)
{
	return equal(field->name, field->name_length, name);
}

bool field_value_is(const struct field *field, const char *value)
{
	return equal(field->value, field->value_length, value);
}

bool field_value_is_one_of(const struct field *field, const char *const *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (field_value_is(field, values[i]))
			return true;
	return false;
}

bool field_name_begins(const struct field *field, const char *prefix)
{
	size_t length = strlen(prefix);

	return field->name_length >= length && memcmp(field->name, prefix, length) == 0;
}

bool field_number(const struct field *field, unsigned long long max, unsigned long long *number)
{
	unsigned long long result = 0;

	if (field->value_length == 0 || field->value_length > FIELD_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < field->value_length; i++) {
		char digit = field->value[i];

		if (digit < '0' || digit > '9' || __builtin_mul_overflow(result, 10ULL, &result) ||
		    __builtin_add_overflow(result, (unsigned long long)(digit - '0'), &result) ||
		    result > max)
			return false;
	}
	*number = result;
	return true;
}
