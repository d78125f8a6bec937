/* SPDX-License-Identifier: Apache-2.0 */
/* A command that is a program of its own: this one becomes it. */
#ifndef PROGRAM_EXEC_H
#define PROGRAM_EXEC_H

/* path: see paths.h. argv: that of a command, within main()'s. Returns, after
 * an error line, an exit status. */
int program_exec(const char *path, char **argv);

#endif
