/* SPDX-License-Identifier: Apache-2.0 */
/* All commands of vsock-notify, for main() and for what completes command lines (completion/). */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/command.h"

/* In the order of --help, ended by a NULL. */
extern const struct command *const commands[];

/* What goes without a command, ended by an entry without a name; nothing takes them. */
extern const struct option_entry program_options[];

#endif
