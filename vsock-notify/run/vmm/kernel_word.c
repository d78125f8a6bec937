/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a kernel command line (see kernel_word.h). */
#include "kernel_word.h"

#include <string.h>

#define SPACE  " \t\n\r"
#define QUOTES "'\""

bool kernel_word_next(const char **cursor, struct kernel_word *word)
{
	const char *text = *cursor + strspn(*cursor, SPACE);
	size_t used = 0;
	char quote = '\0';

	*word = (struct kernel_word){0};
	*cursor = text;
	if (!*text)
		return false;
	for (; *text && (quote || !strchr(SPACE, *text)); text++) {
		if (quote ? *text == quote : strchr(QUOTES, *text) != NULL)
			quote = quote ? '\0' : *text;
		else if (used < sizeof(word->text) - 1)
			word->text[used++] = *text;
		else
			word->cut = true;
	}
	*cursor = text;
	return true;
}

static bool same_in_a_key(char a, char b)
{
	return a == b || (a == '_' && b == '-') || (a == '-' && b == '_');
}

const char *kernel_word_value(const struct kernel_word *word, const char *key)
{
	const char *text = word->text;

	for (; *key; key++, text++)
		if (!same_in_a_key(*text, *key))
			return NULL;
	return *text == '=' ? text + 1 : NULL;
}
