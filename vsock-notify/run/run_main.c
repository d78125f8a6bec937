/* SPDX-License-Identifier: Apache-2.0 */
/* The program behind "vsock-notify run": argv[0] is "run". */
#include <stdio.h>
#include <stdlib.h>

#include "../shim/log.h"
#include "run.h"

int main(int argc, char **argv)
{
	int status;

	log_open();
	status = run_main_command.run(&run_main_command, argc, argv);
	if (fflush(stdout) == 0)
		return status;
	log_error("cannot write to standard output: %m");
	return EXIT_FAILURE;
}
