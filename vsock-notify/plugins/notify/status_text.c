/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a guest's STATUS= fit to be shown (rule: status_text.h). */
#include "status_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

size_t status_text_clean(char *out, const char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		size_t n = utf8_printable(text + i, length - i);

		if (n == 0) {
			out[used++] = '?';
			i++;
			continue;
		}
		memmove(out + used, text + i, n);
		used += n;
		i += n;
	}
	if (used > 0 && out[used - 1] == '\\')
		out[used - 1] = '?';
	return used;
}

/* Whether byte continues a UTF-8 character that began before it. */
static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t status_text_cut(const char *text, size_t length, size_t max)
{
	if (length <= max)
		return length;
	while (max > 0 && is_continuation(text[max]))
		max--;
	/* The cut may have made a backslash the last byte. */
	while (max > 0 && text[max - 1] == '\\')
		max--;
	return max;
}
