/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command-line options from tables. A command has one or more tables; they drive getopt_long(3), --help, the completions
 * of shells, and the test that compares the manual page with them.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "base/failure.h"

struct command;

/* A word that an option takes as its argument, and the value that the word stands for. */
struct option_choice {
	const char *word;
	int value;
};

struct option_entry {
	const char *name; /* without the dashes */
	const char
		*argument; /* the argument's name in --help; NULL: the option takes no argument */
	const char *default_value; /* as documented; NULL: there is no default */
	const char *help;          /* one line */
	/*
	 * Stores the option in user. argument is NULL if the option takes none. Returns 0, or a negative errno with the
	 * failure set. NULL: see offset.
	 */
	int (*take)(void *user, const char *argument, struct failure *failure);
	/*
	 * Without take: where in user the option is stored. With choices it is an int or an enum; with any other argument
	 * a const char *; without an argument a bool, which becomes true.
	 */
	size_t offset;
	/*
	 * The words that the argument may be, for shells to complete, ended by an entry without a word. A word that ends in
	 * ':' is only the beginning of an argument. NULL: shells complete by the argument's name (completion/).
	 */
	const struct option_choice *choices;
};

/*
 * For take: stores the value of the choice whose word is the argument. choices ends with an entry without a word. Returns 0,
 * or -EINVAL with the failure set.
 */
int option_choose(const char *option, const char *argument, const struct option_choice *choices,
                  int *value, struct failure *failure);

/* Stores an option in user, by its take or its offset. Returns 0, or a negative errno with the failure set. */
int option_take(const struct option_entry *entry, void *user, const char *argument,
                struct failure *failure);

/* For take: refuses the argument. Sets the failure to "--OPTION=ARGUMENT: REASON" and returns -EINVAL. */
int option_refuse(const char *option, const char *argument, const char *reason,
                  struct failure *failure);

/* options_parse() returns this after it has printed the help. */
#define OPTIONS_HELP 1

/*
 * Parses argv by the command's tables and calls take for each option. Every command knows --help. A word that begins with "--"
 * is no option's value, unless it comes with "=". *operands becomes the
 * index of the first operand. Returns 0, OPTIONS_HELP, or a negative errno with the failure set.
 */
int options_parse(const struct command *command, int argc, char **argv, void *user, int *operands,
                  struct failure *failure);

/*
 * Call this if options_parse() returned anything but 0. Logs the failure, if there is one, and returns the command's exit
 * status.
 */
int options_exit_status(int result, const struct failure *failure);

/*
 * The exit status of a program whose command had this one: EXIT_FAILURE, with an error logged, if its output could not be
 * written, because of a full disk or a closed pipe.
 */
int options_finish_output(int status);

/* The entry with this index, counted through all tables of the command; then --help; then NULL. */
const struct option_entry *options_at(const struct command *command, size_t index);

void options_print_help(const struct command *command, FILE *out);

#endif
