/* SPDX-License-Identifier: Apache-2.0 */
/* Printable UTF-8 (see utf8.h). */
#include "utf8.h"

#include <stdbool.h>

/* The well-formed sequences of RFC 3629, table 3-7 of the Unicode standard, without control characters. */
static const struct {
	uint8_t first_low, first_high;
	uint8_t second_low, second_high;
	size_t length;
} forms[] =
	{
		{0x20, 0x7e, 0, 0, 1},
		{0xc2, 0xc2, 0xa0, 0xbf, 2}, /* U+0080 to U+009F are control characters */
		{0xc3, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool matches(size_t form, const uint8_t *bytes, size_t available)
{
	if (bytes[0] < forms[form].first_low || bytes[0] > forms[form].first_high ||
	    available < forms[form].length)
		return false;
	if (forms[form].length > 1 &&
	    (bytes[1] < forms[form].second_low || bytes[1] > forms[form].second_high))
		return false;
	for (size_t i = 2; i < forms[form].length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return false;
	return true;
}

uint32_t utf8_code_point(const char *text, size_t length)
{
	const uint8_t *bytes = (const uint8_t *)text;
	uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0xffu >> (length + 1));

	for (size_t i = 1; i < length; i++)
		value = value << 6 | (bytes[i] & 0x3fu);
	return value;
}

/* Noncharacters: U+FDD0 to U+FDEF, and the last two of each plane. systemd treats them as invalid UTF-8. */
static bool is_noncharacter(const char *text, size_t length)
{
	uint32_t value;

	if (length < 3)
		return false;
	value = utf8_code_point(text, length);
	return (value >= 0xfdd0 && value <= 0xfdef) || (value & 0xfffe) == 0xfffe;
}

size_t utf8_printable(const char *text, size_t available)
{
	const uint8_t *bytes = (const uint8_t *)text;

	for (size_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++)
		if (matches(form, bytes, available))
			return is_noncharacter(text, forms[form].length) ? 0 : forms[form].length;
	return 0;
}
