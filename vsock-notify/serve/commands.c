/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands (see commands.h). */
#include "commands.h"

#include "base/paths.h"

static const struct command run = {
	.name = "run",
	.synopsis = "[OPTION...] -- VMM [ARGUMENT...]",
	.purpose = "Start a VMM and be its service's main process.",
	.program = path_of_run,
};

static const struct command status = {
	.name = "status",
	.synopsis = "[OPTION...] [VSOCK...]",
	.purpose = "Show what is known of a VM's guest, or a table of all VMs that are found.",
	.program = path_of_show,
};

static const struct command wait = {
	.name = "wait",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Wait until a VM's guest is ready.",
	.program = path_of_show,
};

static const struct command timeline = {
	.name = "timeline",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Show a boot as the host saw it.",
	.program = path_of_show,
};

const struct command *const commands[] = {
	&run, &serve_command, &status, &wait, &timeline, &plugins_command, NULL,
};

const struct option_entry program_options[] = {
	{.name = "help",
         .help = "show this and exit; \"vsock-notify COMMAND --help\" shows a command's"},
	{.name = "version", .help = "show the version and exit"},
	{0},
};
