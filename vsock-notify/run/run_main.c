/* SPDX-License-Identifier: Apache-2.0 */
/* The program behind "vsock-notify run". It gets the whole command line, so argv[1] is "run". */
#include <stdio.h>
#include <stdlib.h>

#include "base/inherited_fds.h"
#include "base/log.h"
#include "run_command.h"

int main(int argc, char **argv)
{
	int status;

	inherited_fds_note();
	log_open();
	if (argc < 2) {
		log_error("%s is executed by \"vsock-notify run\"", argc ? argv[0] : "this");
		return EXIT_USAGE;
	}
	status = run_command.run(&run_command, argc - 1, argv + 1);
	if (fflush(stdout) == 0)
		return status;
	log_error("cannot write to standard output: %m");
	return EXIT_FAILURE;
}
