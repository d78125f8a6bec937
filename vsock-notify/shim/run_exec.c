/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify run": becomes the program behind it (see run_exec.h). */
#include "run_exec.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "paths.h"
#include "util.h"

static int run(const struct command *command, int argc, char **argv)
{
	CLEANUP_FREE char *program = path_expand(path_of_run);

	(void)command;
	(void)argc;
	if (program)
		execv(program, argv - 1); /* with this program's own name, as ps(1) is to show it */
	log_error("cannot execute %s: %m: is vsock-notify installed whole?",
	          program ? program : path_of_run);
	return EXIT_FAILURE;
}

const struct command run_command = {
	.name = "run",
	.synopsis = "[OPTION...] -- VMM [ARGUMENT...]",
	.purpose = "Start a VMM and be its service's main process.",
	.run = run,
};
