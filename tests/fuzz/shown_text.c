/* SPDX-License-Identifier: Apache-2.0 */
/* What may be shown of a guest's text (see shown_text.h). */
#include "shown_text.h"

#include <stdint.h>

/* How many bytes a first byte announces; 0: it is none. */
static unsigned announced(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if ((first & 0xe0) == 0xc0)
		return 2;
	if ((first & 0xf0) == 0xe0)
		return 3;
	return (first & 0xf8) == 0xf0 ? 4 : 0;
}

/* The smallest code point that needs so many bytes. */
static uint32_t smallest(unsigned bytes)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return least[bytes];
}

static bool is_shown(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return false;
	if (code >= 0xd800 && code <= 0xdfff)
		return false;
	if ((code >= 0xfdd0 && code <= 0xfdef) || (code & 0xffff) >= 0xfffe)
		return false;
	return code <= 0x10ffff;
}

bool shown_text_is_clean(const char *text, size_t length)
{
	const uint8_t *bytes = (const uint8_t *)text;

	for (size_t i = 0; i < length;) {
		unsigned n = announced(bytes[i]);
		uint32_t code;

		if (n == 0 || n > length - i)
			return false;
		code = n == 1 ? bytes[i] : bytes[i] & (0x7fu >> n);
		for (unsigned k = 1; k < n; k++) {
			if ((bytes[i + k] & 0xc0) != 0x80)
				return false;
			code = code << 6 | (bytes[i + k] & 0x3f);
		}
		if (code < smallest(n) || !is_shown(code))
			return false;
		i += n;
	}
	return true;
}
