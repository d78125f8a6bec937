/* SPDX-License-Identifier: Apache-2.0 */
/* Options from a table (see options.h). */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

#define HELP_COLUMN 34

/* What getopt_long(3) returns for the table's first entry: no character, so neither '?' nor ':'. */
#define FIRST_VALUE 256

const struct option_entry *options_at(const struct command *command, size_t index)
{
	for (const struct option_entry *const *table = command->options; *table; table++)
		for (const struct option_entry *entry = *table; entry->name; entry++)
			if (index-- == 0)
				return entry;
	return NULL;
}

static size_t count_options(const struct command *command)
{
	size_t n = 0;

	while (options_at(command, n))
		n++;
	return n;
}

static void print_option(const struct option_entry *entry, FILE *out)
{
	int column = fprintf(out, "  --%s%s%s", entry->name, entry->argument ? "=" : "",
	                     entry->argument ? entry->argument : "");

	fprintf(out, "%*s%s", column < HELP_COLUMN ? HELP_COLUMN - column : 1, "", entry->help);
	if (entry->default_value)
		fprintf(out, " [%s]", entry->default_value);
	fputc('\n', out);
}

const struct option_entry options_help = {.name = "help", .help = "show this and exit"};

void options_print_help(const struct command *command, FILE *out)
{
	fprintf(out, "Usage: vsock-notify %s%s%s\n%s\n\nOptions [default]:\n", command->name,
	        *command->synopsis ? " " : "", command->synopsis, command->purpose);
	for (size_t i = 0; i < count_options(command); i++)
		print_option(options_at(command, i), out);
	print_option(&options_help, out);
}

static int complain(const struct command *command, const char *what, const char *option)
{
	log_error("%s %s: \"vsock-notify %s --help\" lists the options", option, what,
	          command->name);
	return -EINVAL;
}

/* The table as getopt_long(3) wants it, "help" last. To be freed. */
static struct option *to_getopt(const struct command *command, size_t count)
{
	struct option *table = calloc(count + 2, sizeof(*table));

	if (!table)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct option_entry *entry = options_at(command, i);

		table[i].name = entry->name;
		table[i].has_arg = entry->argument ? required_argument : no_argument;
		/* Options of equal value count as one: "--p" would be --port, not ambiguous. */
		table[i].val = FIRST_VALUE + (int)i;
	}
	table[count].name = "help";
	table[count].val = FIRST_VALUE + (int)count;
	return table;
}

int options_parse(const struct command *command, int argc, char **argv, void *user, int *operands)
{
	size_t count = count_options(command);
	CLEANUP_FREE struct option *table = to_getopt(command, count);
	int found;
	int at; /* the word looked at: optind stays where it is within "-xy" */

	if (!table) {
		log_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	opterr = 0;
	optind = 1;
	while (at = optind, (found = getopt_long(argc, argv, "+:", table, NULL)) >= FIRST_VALUE) {
		size_t index = (size_t)(found - FIRST_VALUE);
		int r;

		if (index == count) {
			options_print_help(command, stdout);
			return OPTIONS_HELP;
		}
		r = options_at(command, index)->take(user, optarg);
		if (r < 0)
			return r;
	}
	if (found == ':')
		return complain(command, "needs a value", argv[at]);
	if (found != -1)
		return complain(command, "is no option, or not a whole one", argv[at]);
	*operands = optind;
	return 0;
}

int options_exit_status(int result)
{
	if (result == OPTIONS_HELP)
		return EXIT_SUCCESS;
	return result == -ENOMEM ? EXIT_FAILURE : EXIT_USAGE;
}

int option_choose(const char *option, const char *argument, const struct option_choice *choices,
                  int *value)
{
	char words[128] = "";

	for (; choices->word; choices++) {
		if (strcmp(argument, choices->word) == 0) {
			*value = choices->value;
			return 0;
		}
		if (*words)
			strcat(words, choices[1].word ? ", " : " or ");
		strcat(words, choices->word);
	}
	log_error("--%s=%s: it must be %s", option, argument, words);
	return -EINVAL;
}
