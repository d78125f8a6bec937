/* SPDX-License-Identifier: Apache-2.0 */
/* The program behind "vsock-notify run". It gets the whole command line, so argv[1] is "run". */
#include "base/inherited_fds.h"
#include "base/log.h"
#include "run_command.h"

int main(int argc, char **argv)
{
	inherited_fds_note();
	log_open();
	if (argc < 2) {
		log_error("%s is executed by \"vsock-notify run\"", argc ? argv[0] : "this");
		return EXIT_USAGE;
	}
	return options_finish_output(run_command.run(&run_command, argc - 1, argv + 1));
}
