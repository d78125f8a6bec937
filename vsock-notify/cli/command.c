/* SPDX-License-Identifier: Apache-2.0 */
/* Executes a command of the table (see command.h). */
#include "command.h"

#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/paths.h"

static int become(const char *path, char **argv)
{
	CLEANUP_FREE char *program = path_expand(path);

	if (program)
		execv(program, argv - 1); /* with this program's own name, as ps(1) is to show it */
	log_error("cannot execute %s: %m: is vsock-notify installed completely?",
	          program ? program : path);
	return EXIT_FAILURE;
}

int command_execute(const struct command *command, int argc, char **argv)
{
	return command->program ? become(command->program, argv)
	                        : command->run(command, argc, argv);
}
