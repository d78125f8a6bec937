/* SPDX-License-Identifier: Apache-2.0 */
/* The datagram that a message becomes, line by line (see translation.h). */
#include "translation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void translation_begin(struct translation *translation, const struct policy *policy,
                       const struct status_style *style)
{
	/* Not the text, which length makes empty. */
	translation->policy = policy;
	translation->style = style;
	translation->told = 0;
	translation->length = 0;
	translation->status_at = 0;
	translation->status_end = 0;
	translation->state = false;
	translation->status = policy_denies(policy, POLICY_STATUS);
	translation->barrier = false;
	translation->malformed = 0;
	translation->exceeded = 0;
}

static size_t room(const struct translation *translation)
{
	return sizeof(translation->text) - translation->length;
}

bool translation_has(const struct translation *translation, enum policy_field kind)
{
	return kind != POLICY_EXTENSION && kind != POLICY_SYSTEMD &&
	       (translation->told & (1u << kind));
}

/* Of a kind that comes twice the first counts, as in systemd's manager. */
static bool is_wanted(const struct translation *translation, enum policy_field kind)
{
	return !policy_denies(translation->policy, kind) && !translation_has(translation, kind);
}

void translation_line(struct translation *translation, enum policy_field kind, const char *format,
                      ...)
{
	char *end = translation->text + translation->length;
	size_t newline = translation->length > 0;
	va_list arguments;
	int length;

	if (!is_wanted(translation, kind) || room(translation) <= newline)
		return;
	va_start(arguments, format);
	length = vsnprintf(end + newline, room(translation) - newline, format, arguments);
	va_end(arguments);
	if (length < 0 || newline + (size_t)length >= room(translation))
		return;
	if (newline)
		*end = '\n';
	translation->length += newline + (size_t)length;
	translation->told |= 1u << kind;
}

/* Begins a line "NAME=", for which with a value of that length there is room. */
static bool begin_line(struct translation *translation, const char *name, size_t name_length,
                       size_t value_length)
{
	char *end = translation->text + translation->length;
	size_t newline = translation->length > 0;

	if (newline + name_length + 1 + value_length > room(translation))
		return false;
	if (newline)
		*end++ = '\n';
	memcpy(end, name, name_length);
	end[name_length] = '=';
	translation->length += newline + name_length + 1;
	return true;
}

static void append_clean(struct translation *translation, const char *text, size_t length)
{
	translation->length +=
		status_text_clean(translation->text + translation->length, text, length);
}

static size_t status_length(const struct translation *translation)
{
	return translation->status_end - translation->status_at;
}

/* Cuts the STATUS= to max bytes; what follows it moves up. */
static void cut_status(struct translation *translation, size_t max)
{
	char *text = translation->text + translation->status_at;
	size_t length = status_length(translation);
	size_t kept = status_text_cut(text, length, max);

	memmove(text + kept, text + length, translation->length - translation->status_end);
	translation->length -= length - kept;
	translation->status_end -= length - kept;
}

void translation_status(struct translation *translation, const char *text, size_t length)
{
	static const char name[] = "STATUS";
	const struct status_style *style = translation->style;
	size_t prefix = strlen(style->prefix);

	if (translation->status)
		return;
	translation->status = true;
	if (!begin_line(translation, name, strlen(name), prefix + length))
		return;
	translation->status_at = translation->length;
	append_clean(translation, style->prefix, prefix);
	append_clean(translation, text, length);
	translation->status_end = translation->length;
	if (style->max)
		cut_status(translation, style->max);
}

/* Cuts the STATUS= where size bytes more would not fit beside it. */
static void make_room(struct translation *translation, size_t size)
{
	size_t all = translation->length + size;
	size_t over = all > TRANSLATION_LONGEST ? all - TRANSLATION_LONGEST : 0;

	if (over > 0 && over <= status_length(translation))
		cut_status(translation, status_length(translation) - over);
}

void translation_field(struct translation *translation, enum policy_field kind,
                       const struct field *field)
{
	size_t line = field->name_length + 1 + field->value_length + 1;

	if (kind == POLICY_STATUS) {
		translation_status(translation, field->value, field->value_length);
		return;
	}
	if (!is_wanted(translation, kind))
		return;
	if (translation->length - status_length(translation) + line >
	    TRANSLATION_LONGEST - TRANSLATION_ADDED_MAX)
		return;
	make_room(translation, line);
	if (!begin_line(translation, field->name, field->name_length, field->value_length))
		return;
	append_clean(translation, field->value, field->value_length);
	translation->told |= 1u << kind;
}

void translation_end(struct translation *translation)
{
	size_t over = translation->length > TRANSLATION_LONGEST
	                      ? translation->length - TRANSLATION_LONGEST
	                      : 0;
	size_t length = status_length(translation);

	if (over > 0)
		cut_status(translation, length > over ? length - over : 0);
}
