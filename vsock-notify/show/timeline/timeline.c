/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify timeline": a guest's boot as a table or a picture. If the state file was kept, the VM may have ended. */
#include "timeline.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "show/find.h"
#include "timeline_views.h"

static const struct option_entry entries[] = {
	{.name = "svg",
         .help = "print a picture in place of the table, to be written to a file",
         .offset = 0 /* the only option: it is stored in a bool */},
	{.name = NULL},
};

static const struct option_entry *const tables[] = {entries, NULL};

static int show(bool svg, const char *operand)
{
	struct failure failure = {0};
	CLEANUP_FREE char *path = NULL;
	CLEANUP_FREE struct state *state = NULL;
	int r = find_state(operand, &path, &state, &failure);

	if (r < 0) {
		log_error("%s", failure_line(&failure, r));
		return EXIT_FAILURE;
	}
	if (svg)
		timeline_svg(state, stdout);
	else
		timeline_print(state, stdout);
	return EXIT_SUCCESS;
}

static int run(const struct command *command, int argc, char **argv)
{
	bool svg = false;
	struct failure failure = {0};
	int operands;
	int r = options_parse(command, argc, argv, &svg, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (argc - operands == 1)
		return show(svg, argv[operands]);
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
