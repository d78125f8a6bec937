/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel command line, split into words. */
#include "cmdline.h"

#include "text.h"

/* Linux's own limits on x86: COMMAND_LINE_SIZE, and half of it if each word had one letter */
#define LINE_MAX 2048
#define WORD_MAX (LINE_MAX / 2)

static char copy[LINE_MAX];
static const char *words[WORD_MAX];
static size_t count;

/* A copy, because the guest may use the memory that the line is in, and so that NULs can end words. */
bool cmdline_start(const char *line)
{
	size_t length = text_length(line);
	bool in_word = false;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, line, length);
	for (size_t i = 0; i < length; i++) {
		if (copy[i] == ' ') {
			copy[i] = '\0';
			in_word = false;
		} else if (!in_word) {
			words[count++] = &copy[i];
			in_word = true;
		}
	}
	return true;
}

const char *cmdline_word(size_t index)
{
	return index < count ? words[index] : NULL;
}
