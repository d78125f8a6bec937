/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify run": becomes the program behind it (see run_exec.h). */
#include "run_exec.h"

#include "paths.h"
#include "program_exec.h"

static int run(const struct command *command, int argc, char **argv)
{
	(void)command;
	(void)argc;
	return program_exec(path_of_run, argv);
}

const struct command run_command = {
	.name = "run",
	.synopsis = "[OPTION...] -- VMM [ARGUMENT...]",
	.purpose = "Start a VMM and be its service's main process.",
	.run = run,
};
