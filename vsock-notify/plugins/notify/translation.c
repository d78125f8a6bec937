/* SPDX-License-Identifier: Apache-2.0 */
/* The datagram that a message becomes, line by line (see translation.h). */
#include "translation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "status_text.h"

void translation_begin(struct translation *translation)
{
	/* Not the text, which length makes empty. */
	translation->length = 0;
	translation->state = false;
	translation->status = false;
	translation->barrier = false;
	translation->systemd = false;
	translation->shutdown = false;
	translation->exit_status = -1;
	translation->malformed = 0;
	translation->news = LIFE_NOTHING;
}

static size_t room(const struct translation *translation)
{
	return sizeof(translation->text) - translation->length;
}

void translation_line(struct translation *translation, const char *format, ...)
{
	char *end = translation->text + translation->length;
	size_t newline = translation->length > 0;
	va_list arguments;
	int length;

	if (room(translation) <= newline)
		return;
	va_start(arguments, format);
	length = vsnprintf(end + newline, room(translation) - newline, format, arguments);
	va_end(arguments);
	if (length < 0 || newline + (size_t)length >= room(translation))
		return;
	if (newline)
		*end = '\n';
	translation->length += newline + (size_t)length;
}

void translation_field(struct translation *translation, const struct field *field)
{
	char *end = translation->text + translation->length;
	size_t newline = translation->length > 0;
	size_t name = field->name_length + 1;

	if (newline + name + field->value_length > room(translation))
		return;
	if (newline)
		*end++ = '\n';
	memcpy(end, field->name, field->name_length);
	end[field->name_length] = '=';
	translation->length += newline + name;
	end += name;
	if (field_is(field, "STATUS")) {
		translation->length += status_text_clean(end, field->value, field->value_length);
		translation->status = true;
		return;
	}
	memcpy(end, field->value, field->value_length);
	translation->length += field->value_length;
}
