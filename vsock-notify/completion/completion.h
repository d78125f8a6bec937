/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion of vsock-notify's command line in bash, zsh and fish. What depends on the options is printed at build time, from the
 * tables of options that also drive getopt_long(3) and --help, and appended to common.SHELL; serve/commands.h has the
 * commands, and each command its options.
 *
 * The value of an option completes to the words in its table (option_entry.choices). Without such words its name in --help
 * decides: PATH is a file, USER a user. Operands complete by their names in the synopsis in the same way. A command
 * line after "--" completes as it would by itself.
 */
#ifndef COMPLETION_H
#define COMPLETION_H

#include <stdio.h>

#include "serve/commands.h"

enum value_kind {
	VALUE_TEXT, /* anything: nothing is offered */
	VALUE_WORDS,
	VALUE_FILE,
	VALUE_USER,
	VALUE_GROUP,
	VALUE_UNIT,
	VALUE_PLUGIN,
	VALUE_COMMAND, /* operands: a command line after "--" */
};

/* The index-th command with its options, also if another program has the command. NULL: there are no more, so stop asking. */
const struct command *completion_command(size_t index);

/* What the value of an option completes to. */
enum value_kind completion_value(const struct option_entry *option);

/* What the operands complete to. */
enum value_kind completion_operand(const struct command *command);

/* Prints the words, with spaces between them. choices may be NULL. */
void completion_words(FILE *out, const struct option_choice *choices);

/*
 * Prints text that is to be between single quotes, in one line. A single quote becomes quote; a character of special gets a
 * backslash before it.
 */
void completion_print(FILE *out, const char *text, const char *special, const char *quote);

/*
 * Each prints what follows the script's common part, common.SHELL, which is the same whatever the options are. That part calls
 * the functions that are printed here.
 */
void completion_bash(FILE *out);
void completion_zsh(FILE *out);
void completion_fish(FILE *out);

#endif
