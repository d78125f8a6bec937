/* SPDX-License-Identifier: Apache-2.0 */
/* The program behind "vsock-notify status", "wait" and "timeline", whose whole command line it is given. */
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "show/status/status.h"
#include "show/timeline/timeline.h"
#include "show/wait/wait.h"

static const struct command *const commands[] = {&status_command, &wait_command, &timeline_command};

int main(int argc, char **argv)
{
	int status = EXIT_USAGE;
	size_t i = 0;

	log_open();
	while (argc > 1 && i < ARRAY_SIZE(commands) && strcmp(argv[1], commands[i]->name) != 0)
		i++;
	if (argc < 2 || i == ARRAY_SIZE(commands))
		log_error("%s is executed by \"vsock-notify status\"", argc ? argv[0] : "this");
	else
		status = commands[i]->run(commands[i], argc - 1, argv + 1);
	return options_finish_output(status);
}
