/* SPDX-License-Identifier: Apache-2.0 */
/* The values of cloud-hypervisor's options (grammar: option_value.h). */
#include "option_value.h"

#include <stdlib.h>
#include <string.h>

/* Where in brackets and quotes a scan is. */
struct nesting {
	unsigned brackets;
	bool quoted;
	bool broken; /* a ']' too many */
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

const char *option_value_fault(const char *text)
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

/* The length up to the next comma at nesting level 0. */
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

bool option_value_next(const char **cursor, struct option_part *part)
{
	const char *text = *cursor;
	const char *equals;
	size_t length;

	if (!text || !*text)
		return false;
	length = part_length(text, strlen(text));
	equals = memchr(text, '=', length);
	*part = (struct option_part){
		.key = text,
		.key_length = equals ? (size_t)(equals - text) : length,
		.value = equals ? equals + 1 : NULL,
		.value_length = equals ? length - (size_t)(equals + 1 - text) : 0,
	};
	*cursor = text[length] ? text + length + 1 : NULL;
	return true;
}

bool option_value_find(const char *text, const char *key, struct option_part *part)
{
	while (option_value_next(&text, part))
		if (part->key_length == strlen(key) &&
		    memcmp(part->key, key, part->key_length) == 0)
			return true;
	return false;
}

char *option_value_unquote(const char *value, size_t length)
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

bool option_list_next(const char **cursor, size_t *length, const char **item, size_t *item_length)
{
	size_t n;

	/* The brackets belong to no item. */
	while (*length && (**cursor == '[' || **cursor == ']')) {
		(*cursor)++;
		(*length)--;
	}
	if (*length == 0)
		return false;
	n = 0;
	for (bool quoted = false; n < *length; n++) {
		char c = (*cursor)[n];

		quoted ^= c == '"';
		if (!quoted && (c == ',' || c == ']'))
			break;
	}
	*item = *cursor;
	*item_length = n;
	n += n < *length && (*cursor)[n] == ',';
	*cursor += n;
	*length -= n;
	return true;
}
