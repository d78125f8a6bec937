/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify status": one VM in full, or a table of all VMs, or either as JSON for programs. */
#include "status.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "status_follow.h"
#include "status_views.h"

struct status_options {
	bool json;
	bool follow;
};

static const struct option_entry option_table[] = {
	{.name = "json",
         .help = "print JSON: an array with an object for each VM",
         .offset = offsetof(struct status_options, json)},
	{.name = "follow",
         .help = "show it again after each change, until interrupted",
         .offset = offsetof(struct status_options, follow)},
	{0},
};

static void show_in_full(const struct screen *screen, const struct entries *entries)
{
	for (unsigned i = 0; i < entries->count; i++) {
		if (i > 0)
			fputc('\n', screen->out);
		status_full(screen, &entries->list[i], true);
	}
}

static void show_table(const struct screen *screen, const struct entries *entries)
{
	if (entries->count > 0)
		status_table(screen, entries);
	else if (!entries->complained)
		log_info("no VM has a state file below the runtime directory");
}

static int show_json(const struct screen *screen, const struct entries *entries)
{
	CLEANUP_FREE char *text = status_json(entries, true);

	if (!text)
		return -ENOMEM;
	fprintf(screen->out, "%s\n", text);
	return 0;
}

/* Returns 0, or a negative errno. A VM that cannot be shown is logged, and does not keep the others from being shown. */
static int print_status(const struct status_options *options, struct screen *screen,
                        char **operands, bool *complained, struct failure *failure)
{
	struct entries entries;
	int r = *operands ? entries_named(&entries, operands, failure)
	                  : entries_all(&entries, failure);

	*complained = entries.complained;
	/* Output that can be scrolled is not cut. */
	screen->height = 0;
	if (r == 0 && options->json)
		r = show_json(screen, &entries);
	else if (r == 0 && *operands)
		show_in_full(screen, &entries);
	else if (r == 0)
		show_table(screen, &entries);
	entries_free(&entries);
	return r;
}

static int check_operands(const struct status_options *options, char **operands,
                          struct failure *failure)
{
	for (unsigned i = 0; operands[i]; i++)
		if (!*operands[i] || strncmp(operands[i], "--", 2) == 0)
			return failure_set(failure, -EINVAL,
			                   "\"%s\" is no VSOCK; options go before it", operands[i]);
	if (options->follow && operands[0] && operands[1])
		return failure_set(failure, -EINVAL, "%s: --follow shows one VSOCK, or all",
		                   operands[1]);
	return 0;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct status_options options = {0};
	struct failure failure = {0};
	struct screen screen;
	bool complained = false;
	int operands;
	int r = options_parse(command, argc, argv, &options, &operands, &failure);

	if (r == 0)
		r = check_operands(&options, argv + operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	screen_init(&screen, stdout);
	if (options.follow)
		r = status_follow(&screen, argv[operands], options.json, &failure);
	else
		r = print_status(&options, &screen, argv + operands, &complained, &failure);
	if (r < 0)
		log_error("%s", failure_line(&failure, r));
	return r < 0 || complained ? EXIT_FAILURE : EXIT_SUCCESS;
}

static const struct option_entry *const option_tables[] = {option_table, NULL};

const struct command status_command = {
	.name = "status",
	.synopsis = "[OPTION...] [VSOCK...]",
	.purpose = "Show what is known of a VM's guest, or a table of all VMs that are found.",
	.options = option_tables,
	.run = run,
};
