/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins shown to people and scripts: "vsock-notify plugins" and "serve --dump-plugin". */
#ifndef PLUGIN_SHOW_H
#define PLUGIN_SHOW_H

#include "cli/command.h"

extern const struct command plugins_command;

/*
 * Prints what a plugin is on standard output, one key=value a line: path, name, version,
 * description, abi_version, struct_size, and has_X=1 for each optional callback X that it has.
 * Returns an exit status.
 */
int plugin_dump(const char *name);

#endif
