/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands (see commands.h). */
#include "commands.h"

#include "plugin_show.h"
#include "run_exec.h"
#include "serve.h"
#include "show_exec.h"

const struct command *const commands[] = {
	&run_command,
	&serve_command,
	&status_exec_command,
	&wait_exec_command,
	&timeline_exec_command,
	&plugins_command,
	NULL,
};

const struct option_entry program_options[] = {
	{.name = "help",
         .help = "show this and exit; \"vsock-notify COMMAND --help\" shows a command's"},
	{.name = "version", .help = "show the version and exit"},
	{0},
};
