/* SPDX-License-Identifier: Apache-2.0 */
/* Command-line options from tables (see options.h). */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "command.h"

#define HELP_COLUMN 34

/* getopt_long(3) returns this for the first entry, and so on: no number of a character such as '?' or ':'. */
#define FIRST_VALUE 256

/* No table contains it. */
static const struct option_entry options_help = {.name = "help", .help = "show this and exit"};

const struct option_entry *options_at(const struct command *command, size_t index)
{
	for (const struct option_entry *const *table = command->options; *table; table++)
		for (const struct option_entry *entry = *table; entry->name; entry++)
			if (index-- == 0)
				return entry;
	return index == 0 ? &options_help : NULL;
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

void options_print_help(const struct command *command, FILE *out)
{
	fprintf(out, "Usage: vsock-notify %s%s%s\n%s\n\nOptions [default]:\n", command->name,
	        *command->synopsis ? " " : "", command->synopsis, command->purpose);
	for (size_t i = 0; i < count_options(command); i++)
		print_option(options_at(command, i), out);
}

static int refuse(const struct command *command, const char *option, const char *reason,
                  struct failure *failure)
{
	return failure_set(failure, -EINVAL, "%s %s: \"vsock-notify %s --help\" lists the options",
	                   option, reason, command->name);
}

/* Whoever wrote the option has forgotten its value: what follows is the next option, or the end of the options. */
static int refuse_value(const struct command *command, const char *option, const char *next,
                        struct failure *failure)
{
	if (strcmp(next, "--") == 0)
		return refuse(command, option, "needs a value", failure);
	return failure_set(failure, -EINVAL, "%s needs a value: if it is \"%s\", write %s=%s",
	                   option, next, option, next);
}

/* The tables in the form for getopt_long(3). The caller frees it. NULL: no memory. */
static struct option *to_getopt(const struct command *command, size_t count)
{
	struct option *table = calloc(count + 1, sizeof(*table));

	if (!table)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct option_entry *entry = options_at(command, i);

		table[i].name = entry->name;
		table[i].has_arg = entry->argument ? required_argument : no_argument;
		/* Each has its own value: if two were equal, getopt_long(3) would take "--p" for one of them. */
		table[i].val = FIRST_VALUE + (int)i;
	}
	return table;
}

int options_parse(const struct command *command, int argc, char **argv, void *user, int *operands,
                  struct failure *failure)
{
	CLEANUP_FREE struct option *table = to_getopt(command, count_options(command));
	int found;
	int at; /* index of the word that is being parsed; optind does not move within "-xy" */

	if (!table)
		return -ENOMEM;
	opterr = 0;
	optind = 1;
	while (at = optind, (found = getopt_long(argc, argv, "+:", table, NULL)) >= FIRST_VALUE) {
		const struct option_entry *entry =
			options_at(command, (size_t)(found - FIRST_VALUE));
		int r;

		if (optarg && optarg == argv[optind - 1] && strncmp(optarg, "--", 2) == 0)
			return refuse_value(command, argv[at], optarg, failure);
		if (entry == &options_help) {
			options_print_help(command, stdout);
			return OPTIONS_HELP;
		}
		r = option_take(entry, user, optarg, failure);
		if (r < 0)
			return r;
	}
	if (found == ':')
		return refuse(command, argv[at], "needs a value", failure);
	if (found != -1)
		return refuse(command, argv[at],
		              "is not an option, or is ambiguous or takes no value", failure);
	*operands = optind;
	return 0;
}

int options_exit_status(int result, const struct failure *failure)
{
	if (result == OPTIONS_HELP)
		return EXIT_SUCCESS;
	log_error("%s", failure_line(failure, result));
	return result == -ENOMEM ? EXIT_FAILURE : EXIT_USAGE;
}

int options_finish_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	log_error("cannot write to standard output: %m");
	return EXIT_FAILURE;
}

int option_take(const struct option_entry *entry, void *user, const char *argument,
                struct failure *failure)
{
	void *member = (char *)user + entry->offset;

	if (entry->take)
		return entry->take(user, argument, failure);
	if (entry->choices)
		return option_choose(entry->name, argument, entry->choices, member, failure);
	if (entry->argument)
		*(const char **)member = argument;
	else
		*(bool *)member = true;
	return 0;
}

int option_refuse(const char *option, const char *argument, const char *reason,
                  struct failure *failure)
{
	return failure_set(failure, -EINVAL, "--%s=%s: %s", option, argument, reason);
}

int option_choose(const char *option, const char *argument, const struct option_choice *choices,
                  int *value, struct failure *failure)
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
	return failure_set(failure, -EINVAL, "--%s=%s: it must be %s", option, argument, words);
}
