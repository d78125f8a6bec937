/* SPDX-License-Identifier: Apache-2.0 */
/* vsock-notify: a guest's sd_notify(3) messages for the host's service manager. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "plugin_show.h"
#include "run_exec.h"
#include "serve.h"
#include "util.h"
#include "version.h"

static const struct command *const commands[] = {&run_command, &serve_command, &plugins_command};

static void print_help(void)
{
	puts("Usage: vsock-notify COMMAND [OPTION...]\n"
	     "Pass the sd_notify(3) messages of a VM's guest on to the host's service manager.\n\n"
	     "Commands:");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %s%s%s\n", commands[i]->name, *commands[i]->synopsis ? " " : "",
		       commands[i]->synopsis);
	puts("\nOptions:\n"
	     "  --help     show this and exit; \"vsock-notify COMMAND --help\" shows a command's\n"
	     "  --version  show the version and exit");
}

/* A full disk or a closed pipe must not look like success. */
static int finish_output(int status)
{
	if (fflush(stdout) == 0)
		return status;
	log_error("cannot write to standard output: %m");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	log_open();
	if (argc < 2) {
		log_error("a command is missing: \"vsock-notify --help\" lists them");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_help();
		return finish_output(EXIT_SUCCESS);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("vsock-notify " VSOCK_NOTIFY_VERSION);
		return finish_output(EXIT_SUCCESS);
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return finish_output(commands[i]->run(commands[i], argc - 1, argv + 1));
	log_error("%s is no command: \"vsock-notify --help\" lists them", argv[1]);
	return EXIT_USAGE;
}
