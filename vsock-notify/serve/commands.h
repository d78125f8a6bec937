/* SPDX-License-Identifier: Apache-2.0 */
/* All commands of vsock-notify, for main() and for the completions of shells (completion/). */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/command.h"

/* In the order in which --help prints them, ended by a NULL. */
extern const struct command *const commands[];

/* "vsock-notify serve": the bridge for a VMM that it does not start itself. */
extern const struct command serve_command;

/* "vsock-notify plugins" */
extern const struct command plugins_command;

/*
 * "vsock-notify serve --dump-plugin": prints what is known about one plugin, one key=value in each line: path, name, version,
 * description, abi_version, struct_size, and has_X=1 for each optional callback X that the plugin has. Returns an exit status.
 */
int plugin_dump(const char *name);

/* The options that are used without a command, ended by an entry without a name. main() handles them: take is NULL. */
extern const struct option_entry program_options[];

#endif
