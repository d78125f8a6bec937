/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion of vsock-notify's command line for bash, zsh and fish, printed when the project is built from the
 * tables that also drive getopt_long(3) and --help: serve/commands.h has the commands, each its options.
 *
 * What an option's value completes to: the words that its table has (option_entry.choices), else what --help
 * calls the value says it: PATH is a file, USER a user. Operands go by the synopsis in the same way. What
 * comes after "--" is a command line of its own, and completes as that does.
 */
#ifndef COMPLETION_H
#define COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

#include "serve/commands.h"

enum value_kind {
	VALUE_TEXT, /* anything */
	VALUE_WORDS,
	VALUE_FILE,
	VALUE_USER,
	VALUE_GROUP,
	VALUE_UNIT,
	VALUE_PLUGIN,
};

/* The index-th command, whole: with its options, though it may be a program of its own. NULL: no more. */
const struct command *completion_command(size_t index);

/* The index-th option of a command, --help last. NULL: no more. */
const struct option_entry *completion_option(const struct command *command, size_t index);

/* What the value of an option completes to. */
enum value_kind completion_value(const struct option_entry *option);

/* What the operands complete to. */
enum value_kind completion_operand(const struct command *command);

/* Whether a command line follows "--". */
bool completion_has_command_line(const struct command *command);

/* Whether a word is only the beginning of a value. */
bool completion_goes_on(const char *word);

/*
 * Prints text for within single quotes: a single quote as quote, what special has in it with a backslash, all on
 * one line.
 */
void completion_print(FILE *out, const char *text, const char *special, const char *quote);

void completion_bash(FILE *out);
void completion_zsh(FILE *out);
void completion_fish(FILE *out);

#endif
