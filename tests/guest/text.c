/* SPDX-License-Identifier: Apache-2.0 */
/* What little the guest needs of strings and numbers. */
#include "text.h"

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	void *start = to;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
	return start;
}

void *memset(void *to, int byte, size_t length)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(byte) : "memory");
	return start;
}

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

const char *text_after(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; text++, prefix++) {
		if (*text != *prefix)
			return NULL;
	}
	return text;
}

bool text_equal(const char *one, const char *other)
{
	const char *rest = text_after(one, other);

	return rest && *rest == '\0';
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

const char *text_number(const char *text, uint32_t *number)
{
	const char *hex = text_after(text, "0x");
	const char *at = hex ? hex : text;
	const char *first = at;
	uint32_t base = hex ? 16 : 10;
	uint64_t value = 0;

	for (;; at++) {
		int digit = digit_value(*at);

		if (digit < 0 || (uint32_t)digit >= base)
			break;
		value = value * base + (uint32_t)digit;
		if (value > UINT32_MAX)
			return NULL;
	}
	if (at == first)
		return NULL;
	*number = (uint32_t)value;
	return at;
}

size_t text_decimal(char *to, uint32_t number)
{
	char backwards[TEXT_DECIMAL_MAX];
	size_t digits = 0;

	do {
		backwards[digits++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (size_t i = 0; i < digits; i++)
		to[i] = backwards[digits - 1 - i];
	return digits;
}

/* reads the escape after a backslash into *byte; returns what follows it, or NULL */
static const char *unescape_one(const char *escape, char *byte)
{
	int high;
	int low;

	switch (*escape) {
	case 'n':
		*byte = '\n';
		return escape + 1;
	case 's':
		*byte = ' ';
		return escape + 1;
	case '\\':
		*byte = '\\';
		return escape + 1;
	case 'x':
		high = digit_value(escape[1]);
		low = high < 0 ? -1 : digit_value(escape[2]);
		if (low < 0)
			return NULL;
		*byte = (char)(high << 4 | low);
		return escape + 3;
	default:
		return NULL;
	}
}

long text_unescape(char *to, const char *text)
{
	long length = 0;

	while (*text != '\0') {
		if (*text != '\\') {
			to[length++] = *text++;
			continue;
		}
		text = unescape_one(text + 1, &to[length++]);
		if (!text)
			return -1;
	}
	return length;
}
