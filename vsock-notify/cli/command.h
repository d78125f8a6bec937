/* SPDX-License-Identifier: Apache-2.0 */
/* A command of vsock-notify, and how one is executed: in this program, or by another program that takes its place. */
#ifndef COMMAND_H
#define COMMAND_H

#include "options.h"

/* Exit status of a command that was called in a wrong way. */
#define EXIT_USAGE 2

struct command {
	const char *name;
	const char *synopsis; /* what follows the name */
	const char *purpose;  /* one line */
	/* Path of the program that has the command and its options (base/paths.h). NULL: this program has them. */
	const char *program;
	/* Tables, each ended by an entry without a name. The list of tables is ended by a NULL. */
	const struct option_entry *const *options;
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(const struct command *command, int argc, char **argv);
};

/*
 * Executes the command and returns its exit status. argv points into main()'s argv: argv[0] is the command's name, argv[-1]
 * the program's. If another program has the command, this function returns only if that program cannot be executed; it
 * has then logged why.
 */
int command_execute(const struct command *command, int argc, char **argv);

#endif
