/* SPDX-License-Identifier: Apache-2.0 */
/* The datagram that a message becomes, line by line (see outgoing.h). */
#include "outgoing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void outgoing_begin(struct outgoing *outgoing, const struct policy *policy,
                    const struct status_style *style, struct limits *limits, uint64_t now_usec)
{
	/* text need not be cleared: length is 0. */
	memset(outgoing, 0, offsetof(struct outgoing, text));
	outgoing->policy = policy;
	outgoing->style = style;
	outgoing->limits = limits;
	outgoing->now_usec = now_usec;
	outgoing->status = policy_denies(policy, POLICY_STATUS);
}

static size_t room(const struct outgoing *outgoing)
{
	return sizeof(outgoing->text) - outgoing->length;
}

bool outgoing_has(const struct outgoing *outgoing, enum policy_field kind)
{
	return kind != POLICY_EXTENSION && kind != POLICY_SYSTEMD &&
	       (outgoing->told & (1u << kind));
}

/* If a kind comes twice, the first counts, as in systemd's manager. */
static bool is_wanted(const struct outgoing *outgoing, enum policy_field kind)
{
	return !policy_denies(outgoing->policy, kind) && !outgoing_has(outgoing, kind);
}

void outgoing_line(struct outgoing *outgoing, enum policy_field kind, const char *format, ...)
{
	char *end = outgoing->text + outgoing->length;
	size_t newline = outgoing->length > 0;
	va_list arguments;
	int length;

	if (!is_wanted(outgoing, kind) || room(outgoing) <= newline)
		return;
	va_start(arguments, format);
	length = vsnprintf(end + newline, room(outgoing) - newline, format, arguments);
	va_end(arguments);
	if (length < 0 || newline + (size_t)length >= room(outgoing))
		return;
	if (newline)
		*end = '\n';
	outgoing->length += newline + (size_t)length;
	outgoing->told |= 1u << kind;
}

/* Begins a line "NAME=" if there is room for it with a value of that length. */
static bool begin_line(struct outgoing *outgoing, const char *name, size_t name_length,
                       size_t value_length)
{
	char *end = outgoing->text + outgoing->length;
	size_t newline = outgoing->length > 0;

	if (newline + name_length + 1 + value_length > room(outgoing))
		return false;
	if (newline)
		*end++ = '\n';
	memcpy(end, name, name_length);
	end[name_length] = '=';
	outgoing->length += newline + name_length + 1;
	return true;
}

static void append_clean(struct outgoing *outgoing, const char *text, size_t length)
{
	outgoing->length += status_text_clean(outgoing->text + outgoing->length, text, length);
}

static size_t status_length(const struct outgoing *outgoing)
{
	return outgoing->status_end - outgoing->status_at;
}

/* Cuts the STATUS= to max bytes; what follows it moves up. */
static void cut_status(struct outgoing *outgoing, size_t max)
{
	char *text = outgoing->text + outgoing->status_at;
	size_t length = status_length(outgoing);
	size_t kept = status_text_cut(text, length, max);

	memmove(text + kept, text + length, outgoing->length - outgoing->status_end);
	outgoing->length -= length - kept;
	outgoing->status_end -= length - kept;
}

void outgoing_status(struct outgoing *outgoing, const char *text, size_t length)
{
	static const char name[] = "STATUS";
	const struct status_style *style = outgoing->style;
	size_t prefix = strlen(style->prefix);

	if (outgoing->status)
		return;
	outgoing->status = true;
	if (!begin_line(outgoing, name, strlen(name), prefix + length))
		return;
	outgoing->status_at = outgoing->length;
	append_clean(outgoing, style->prefix, prefix);
	append_clean(outgoing, text, length);
	outgoing->status_end = outgoing->length;
	if (style->max)
		cut_status(outgoing, style->max);
}

/* Cuts the STATUS= if size more bytes would not fit beside it. */
static void make_room(struct outgoing *outgoing, size_t size)
{
	size_t all = outgoing->length + size;
	size_t over = all > OUTGOING_LONGEST ? all - OUTGOING_LONGEST : 0;

	if (over > 0 && over <= status_length(outgoing))
		cut_status(outgoing, status_length(outgoing) - over);
}

void outgoing_field(struct outgoing *outgoing, enum policy_field kind, const struct field *field)
{
	size_t line = field->name_length + 1 + field->value_length + 1;

	if (kind == POLICY_STATUS) {
		outgoing_status(outgoing, field->value, field->value_length);
		return;
	}
	if (!is_wanted(outgoing, kind))
		return;
	if (outgoing->length - status_length(outgoing) + line >
	    OUTGOING_LONGEST - OUTGOING_ADDED_MAX)
		return;
	make_room(outgoing, line);
	if (!begin_line(outgoing, field->name, field->name_length, field->value_length))
		return;
	append_clean(outgoing, field->value, field->value_length);
	outgoing->told |= 1u << kind;
}

void outgoing_end(struct outgoing *outgoing)
{
	size_t over = outgoing->length > OUTGOING_LONGEST ? outgoing->length - OUTGOING_LONGEST : 0;
	size_t length = status_length(outgoing);

	if (over > 0)
		cut_status(outgoing, length > over ? length - over : 0);
}
