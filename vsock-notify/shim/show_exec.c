/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify status", "wait" and "timeline": becomes the program behind them
 * (see show_exec.h). */
#include "show_exec.h"

#include "paths.h"
#include "program_exec.h"

static int show(const struct command *command, int argc, char **argv)
{
	(void)command;
	(void)argc;
	return program_exec(path_of_show, argv);
}

const struct command status_exec_command = {
	.name = "status",
	.synopsis = "[OPTION...] [VSOCK...]",
	.purpose = "Show what is known of a VM's guest, or a table of all VMs that "
		   "are found.",
	.run = show,
};

const struct command wait_exec_command = {
	.name = "wait",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Wait until a VM's guest is ready.",
	.run = show,
};

const struct command timeline_exec_command = {
	.name = "timeline",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Show a boot as the host saw it.",
	.run = show,
};
