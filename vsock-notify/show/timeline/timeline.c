/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify timeline": a guest's boot as a table or a picture. If the state file was kept, the VM may have ended. */
#include "timeline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/log.h"
#include "show/find.h"
#include "timeline_svg.h"
#include "timeline_table.h"

struct timeline_options {
	bool svg;
};

static const struct option_entry entries[] = {
	{.name = "svg",
         .help = "print a picture in place of the table, to be written to a file",
         .offset = offsetof(struct timeline_options, svg)},
	{.name = NULL},
};

static const struct option_entry *const tables[] = {entries, NULL};

static int show(const struct timeline_options *options, const char *operand)
{
	struct failure failure = {0};
	struct found found;
	int r = find_state(operand, &found, &failure);

	if (r < 0) {
		log_error("%s", failure_line(&failure, r));
		return EXIT_FAILURE;
	}
	r = options->svg ? timeline_svg(found.state, stdout) : timeline_print(found.state, stdout);
	found_free(&found);
	/* main() logs why standard output cannot be written to, for all commands. */
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct timeline_options options = {.svg = false};
	struct failure failure = {0};
	int operands;
	int r = options_parse(command, argc, argv, &options, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (argc - operands == 1)
		return show(&options, argv[operands]);
	log_error("%s: name one VSOCK, the path of a VM's socket",
	          argc == operands ? "timeline" : argv[operands + 1]);
	return EXIT_USAGE;
}

const struct command timeline_command = {
	.name = "timeline",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Show how a guest's boot went, as the host saw it.",
	.options = tables,
	.run = run,
};
