/* SPDX-License-Identifier: Apache-2.0 */
/* A command that is a program of its own (see program_exec.h). */
#include "program_exec.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "paths.h"
#include "util.h"

int program_exec(const char *path, char **argv)
{
	CLEANUP_FREE char *program = path_expand(path);

	if (program)
		execv(program, argv - 1); /* with this program's own name, as ps(1) is to show it */
	log_error("cannot execute %s: %m: is vsock-notify installed whole?",
	          program ? program : path);
	return EXIT_FAILURE;
}
