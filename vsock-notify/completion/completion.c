/* SPDX-License-Identifier: Apache-2.0 */
/* The part of completion that is the same for all shells (see completion.h). */
#include "completion.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "run/run_command.h"
#include "show/status/status.h"
#include "show/timeline/timeline.h"
#include "show/wait/wait.h"

/* Commands that other programs have. */
static const struct command *const elsewhere[] = {&run_command, &status_command, &wait_command,
                                                  &timeline_command};

static const struct {
	const char *name; /* in --help and synopses */
	enum value_kind kind;
} kinds[] = {
	{"PATH", VALUE_FILE}, {"VSOCK", VALUE_FILE},  {"ADDRESS", VALUE_FILE}, {"USER", VALUE_USER},
	{"UNIT", VALUE_UNIT}, {"GROUP", VALUE_GROUP}, {"NAME[", VALUE_PLUGIN}, /* keys follow */
};

const struct command *completion_command(size_t index)
{
	if (!commands[index] || commands[index]->options)
		return commands[index];
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (strcmp(elsewhere[i]->name, commands[index]->name) == 0)
			return elsewhere[i];
	return NULL;
}

static enum value_kind kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strncmp(name, kinds[i].name, strlen(kinds[i].name)) == 0)
			return kinds[i].kind;
	return VALUE_TEXT;
}

enum value_kind completion_value(const struct option_entry *option)
{
	return option->choices ? VALUE_WORDS : kind_of(option->argument);
}

/* By the first word after "[OPTION...]" in the synopsis. */
enum value_kind completion_operand(const struct command *command)
{
	static const char options[] = "[OPTION...]";
	const char *word = command->synopsis;

	if (strstr(word, " -- "))
		return VALUE_COMMAND;
	if (strncmp(word, options, strlen(options)) == 0)
		word += strlen(options);
	return kind_of(word + strspn(word, " ["));
}

void completion_words(FILE *out, const struct option_choice *choices)
{
	for (const struct option_choice *choice = choices; choice && choice->word; choice++)
		fprintf(out, "%s%s", choice == choices ? "" : " ", choice->word);
}

void completion_print(FILE *out, const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, out);
			continue;
		}
		if (strchr(special, *text))
			fputc('\\', out);
		fputc(*text == '\n' ? ' ' : *text, out);
	}
}
