/* SPDX-License-Identifier: Apache-2.0 */
/* The values of cloud-hypervisor's options (grammar: ch_value.h). */
#include "ch_value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How deep in brackets and quotes a scan is. */
struct nesting {
	unsigned brackets;
	bool quoted;
	bool broken; /* there was a ']' without a '[' */
};

static void nest(struct nesting *nesting, char c)
{
	if (c == '"')
		nesting->quoted = !nesting->quoted;
	else if (nesting->quoted)
		return;
	else if (c == '[')
		nesting->brackets++;
	else if (c == ']' && nesting->brackets == 0)
		nesting->broken = true;
	else if (c == ']')
		nesting->brackets--;
}

const char *ch_value_fault(const char *text)
{
	struct nesting nesting = {0};

	for (; *text; text++)
		nest(&nesting, *text);
	if (nesting.quoted)
		return "a quote is not closed";
	if (nesting.broken)
		return "a ']' has no '['";
	return nesting.brackets ? "a '[' is not closed" : NULL;
}

/* The length up to the next comma outside of brackets and quotes. */
static size_t part_length(const char *text, size_t length)
{
	struct nesting nesting = {0};
	size_t n = 0;

	for (; n < length; n++) {
		if (text[n] == ',' && nesting.brackets == 0 && !nesting.quoted)
			break;
		nest(&nesting, text[n]);
	}
	return n;
}

static void trim(const char **text, size_t *length)
{
	while (*length && isspace((unsigned char)**text)) {
		(*text)++;
		(*length)--;
	}
	while (*length && isspace((unsigned char)(*text)[*length - 1]))
		(*length)--;
}

bool ch_value_next(const char **cursor, struct ch_value_part *part)
{
	const char *text = *cursor;
	const char *equals;
	size_t length;

	if (!text || !*text)
		return false;
	length = part_length(text, strlen(text));
	equals = memchr(text, '=', length);
	*part = (struct ch_value_part){
		.key = text,
		.key_length = equals ? (size_t)(equals - text) : length,
		.value = equals ? equals + 1 : NULL,
		.value_length = equals ? length - (size_t)(equals + 1 - text) : 0,
	};
	*cursor = text[length] ? text + length + 1 : NULL;
	trim(&part->key, &part->key_length);
	if (part->value)
		trim(&part->value, &part->value_length);
	return true;
}

bool ch_value_find(const char *text, const char *key, struct ch_value_part *part)
{
	struct ch_value_part one;
	bool found = false;

	while (ch_value_next(&text, &one)) {
		if (one.key_length != strlen(key) || memcmp(one.key, key, one.key_length) != 0)
			continue;
		*part = one;
		found = true;
	}
	return found;
}

char *ch_value_unquote(const char *value, size_t length)
{
	char *out = malloc(length + 1);
	bool quoted = false;
	char previous = '\0';
	size_t used = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		if (value[i] != '"') {
			out[used++] = value[i];
		} else {
			if (previous == '"' && !quoted)
				out[used++] = '"';
			quoted = !quoted;
		}
		previous = value[i];
	}
	out[used] = '\0';
	return out;
}

char *ch_value_quote(const char *value)
{
	char *out = malloc(2 * strlen(value) + sizeof("\"\""));
	char *end = out;

	if (!out)
		return NULL;
	if (!strpbrk(value, "\",[] \t\n\v\f\r"))
		return strcpy(out, value);
	*end++ = '"';
	for (; *value; value++) {
		if (*value == '"')
			*end++ = '"';
		*end++ = *value;
	}
	*end++ = '"';
	*end = '\0';
	return out;
}

/* Removes the brackets around a list. */
static void strip_brackets(const char **text, size_t *length)
{
	trim(text, length);
	while (*length && (**text == '[' || **text == ']')) {
		(*text)++;
		(*length)--;
	}
	while (*length && ((*text)[*length - 1] == '[' || (*text)[*length - 1] == ']'))
		(*length)--;
	trim(text, length);
}

bool ch_value_list_next(const char **cursor, size_t *length, const char **item, size_t *item_length)
{
	size_t n;

	/* The previous call left the comma after its item, so a comma here means that this is not the first item. */
	if (*length && **cursor == ',') {
		(*cursor)++;
		(*length)--;
	} else {
		strip_brackets(cursor, length);
	}
	if (*length == 0)
		return false;
	n = part_length(*cursor, *length);
	*item = *cursor;
	*item_length = n;
	*cursor += n;
	*length -= n;
	return true;
}
