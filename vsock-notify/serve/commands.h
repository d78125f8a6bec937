/* SPDX-License-Identifier: Apache-2.0 */
/* All commands of vsock-notify, for main() and for the completions of shells (completion/). */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/command.h"

/* In the order in which --help prints them, ended by a NULL. */
extern const struct command *const commands[];

/* The options that are used without a command, ended by an entry without a name. main() handles them: take is NULL. */
extern const struct option_entry program_options[];

#endif
