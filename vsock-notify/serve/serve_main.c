/* SPDX-License-Identifier: Apache-2.0 */
/* The program vsock-notify: passes the sd_notify(3) messages of a VM's guest to the host's service manager. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/version.h"
#include "cli/command.h"
#include "commands.h"

static void print_help(void)
{
	puts("Usage: vsock-notify COMMAND [OPTION...]\n"
	     "Pass the sd_notify(3) messages of a VM's guest on to the host's service manager.\n\n"
	     "Commands:");
	for (const struct command *const *each = commands; *each; each++)
		printf("  %s%s%s\n", (*each)->name, *(*each)->synopsis ? " " : "",
		       (*each)->synopsis);
	puts("\nOptions:");
	for (const struct option_entry *each = program_options; each->name; each++)
		printf("  --%-8s %s\n", each->name, each->help);
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
		return options_finish_output(EXIT_SUCCESS);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("vsock-notify " VSOCK_NOTIFY_VERSION);
		return options_finish_output(EXIT_SUCCESS);
	}
	for (const struct command *const *each = commands; *each; each++)
		if (strcmp(argv[1], (*each)->name) == 0)
			return options_finish_output(command_execute(*each, argc - 1, argv + 1));
	log_error("%s is not a command: \"vsock-notify --help\" lists them", argv[1]);
	return EXIT_USAGE;
}
