/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command-line options from one table a command: it drives getopt_long(3), --help, and the test that
 * holds the manual page against it.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

/* One of some words, and what it stands for. */
struct option_choice {
	const char *word;
	int value;
};

struct option_entry {
	const char *name;          /* without the dashes */
	const char *argument;      /* what --help calls it; NULL: takes none */
	const char *default_value; /* as documented; NULL: has none */
	const char *help;          /* one line */
	/* Takes the argument (NULL where there is none). Returns 0, or -errno after an error line. */
	int (*take)(void *user, const char *argument);
	/*
	 * The words that the argument may be, for shells to complete, ended by a NULL word; one that ends in
	 * ':' is a beginning. NULL: what --help calls the argument says what it is (completion/).
	 */
	const struct option_choice *choices;
};

struct command {
	const char *name;
	const char *synopsis; /* what follows the name */
	const char *purpose;  /* one line */
	/* Path of the program that has the command and its options (base/paths.h); NULL: this one has. */
	const char *program;
	/* Tables, each ended by an entry without a name, themselves ended by a NULL. */
	const struct option_entry *const *options;
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(const struct command *command, int argc, char **argv);
};

/*
 * For take: the value of the choice that argument is, of choices that are ended by a NULL word. Returns 0,
 * or -EINVAL after an error line.
 */
int option_choose(const char *option, const char *argument, const struct option_choice *choices,
                  int *value);

/* What options_parse() returns for --help, which it has answered. */
#define OPTIONS_HELP 1

/* Exit statuses. */
#define EXIT_USAGE 2

/*
 * Parses argv by the command's table; *operands is the index of the first operand. "--help" is known
 * to every command. Returns 0, OPTIONS_HELP, or a negative errno after one error line.
 */
int options_parse(const struct command *command, int argc, char **argv, void *user, int *operands);

/* The exit status of a command whose options_parse() returned that, not 0. */
int options_exit_status(int result);

/* The entry of that number, counted through all of the command's tables; NULL beyond the last. */
const struct option_entry *options_at(const struct command *command, size_t index);

/* --help, which every command has beside those. */
extern const struct option_entry options_help;

void options_print_help(const struct command *command, FILE *out);

#endif
