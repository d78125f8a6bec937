/* SPDX-License-Identifier: Apache-2.0 */
/* The option --framing (see framing_option.h). */
#include "framing_option.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"

const struct option_choice framing_words[] = {
	{"auto", WAITING_AUTO},
	{"eof", WAITING_EOF},
	{"settle:", WAITING_SETTLE},
	{0},
};

/* The mode whose word text is. A word that a number follows is only the beginning of text. */
static const struct option_choice *find_mode(const char *text)
{
	for (const struct option_choice *mode = framing_words; mode->word; mode++)
		if (mode->value == WAITING_SETTLE
		            ? strncmp(text, mode->word, strlen(mode->word)) == 0
		            : strcmp(text, mode->word) == 0)
			return mode;
	return NULL;
}

int framing_option_parse(const char *text, struct waiting_options *options)
{
	const struct option_choice *mode = find_mode(text);
	uint64_t usec = 0;

	*options = (struct waiting_options){.mode = WAITING_AUTO};
	if (!mode)
		return -EINVAL;
	if (mode->value == WAITING_SETTLE && parse_u64(text + strlen(mode->word), &usec) < 0)
		return -EINVAL;
	if (usec > WAITING_SETTLE_MAX_USEC)
		return -ERANGE;
	options->mode = (enum waiting_mode)mode->value;
	options->settle_usec = (uint32_t)usec;
	return 0;
}
