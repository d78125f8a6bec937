/* SPDX-License-Identifier: Apache-2.0 */
/* Executes a command of the table, in this program or by becoming the program that has it. */
#ifndef COMMAND_H
#define COMMAND_H

#include "options.h"

/*
 * argv[0] is the command's name and follows the program's own in main()'s argv. Returns the exit status; a command with
 * a program of its own returns only, after an error line, where that program cannot be executed.
 */
int command_execute(const struct command *command, int argc, char **argv);

#endif
