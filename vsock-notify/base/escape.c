/* SPDX-License-Identifier: Apache-2.0 */
/* Escapes the values of the state file (see escape.h). */
#include "escape.h"

#include <string.h>

#include "utf8.h"

static const char hex[] = "0123456789abcdef";

size_t escape_bytes(const char *text, size_t available, char *out, size_t *used)
{
	size_t length = utf8_printable(text, available);
	unsigned char byte = (unsigned char)*text;

	if (length > 0 && byte != '\\') {
		memcpy(out, text, length);
		*used = length;
		return length;
	}
	out[0] = '\\';
	out[1] = 'x';
	out[2] = hex[byte >> 4];
	out[3] = hex[byte & 15];
	*used = 4;
	return 1;
}

static int digit(char byte)
{
	const char *found = byte ? strchr(hex, byte) : NULL;

	return found ? (int)(found - hex) : -1;
}

long unescape_bytes(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		int high, low;

		if (*in != '\\') {
			*out++ = *in;
			continue;
		}
		if (in[1] != 'x')
			return -1;
		high = digit(in[2]);
		low = high < 0 ? -1 : digit(in[3]);
		/* A value has no NUL. */
		if (low < 0 || high + low == 0)
			return -1;
		*out++ = (char)(high << 4 | low);
		in += 3;
	}
	*out = '\0';
	return out - text;
}
