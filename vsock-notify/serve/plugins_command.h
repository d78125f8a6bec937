/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what is known about plugins: "vsock-notify plugins" for people, "serve --dump-plugin" for scripts. */
#ifndef PLUGINS_COMMAND_H
#define PLUGINS_COMMAND_H

#include "cli/command.h"

extern const struct command plugins_command;

/*
 * Prints what is known about one plugin, one key=value in each line: path, name, version, description, abi_version,
 * struct_size, and has_X=1 for each optional callback X that the plugin has. Returns an exit status.
 */
int plugin_dump(const char *name);

#endif
