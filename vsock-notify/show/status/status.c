/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify status": one VM in full, or a table of all that are found; for programs as JSON. */
#include "status.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "show/entries.h"
#include "show/screen.h"
#include "status_follow.h"
#include "status_full.h"
#include "status_json.h"
#include "status_table.h"

struct status_options {
	bool json;
	bool follow;
};

static int take_json(void *user, const char *argument, struct failure *failure)
{
	struct status_options *options = user;

	(void)argument;
	(void)failure;
	options->json = true;
	return 0;
}

static int take_follow(void *user, const char *argument, struct failure *failure)
{
	struct status_options *options = user;

	(void)argument;
	(void)failure;
	options->follow = true;
	return 0;
}

static const struct option_entry option_table[] = {
	{"json", NULL, NULL, "print JSON, an array of an object a VM", .take = take_json},
	{"follow", NULL, NULL, "show it anew at each change, until interrupted",
         .take = take_follow},
	{0},
};

static void show(const struct screen *screen, const struct entries *entries, bool in_full)
{
	if (in_full)
		for (unsigned i = 0; i < entries->count; i++) {
			if (i > 0)
				fputc('\n', screen->out);
			status_full(screen, &entries->list[i], true);
		}
	else if (entries->count > 0)
		status_table(screen, entries);
	else if (entries->bad == 0)
		log_info("no VM has a state file below the runtime directory");
}

static int show_json(const struct screen *screen, const struct entries *entries)
{
	CLEANUP_FREE char *text = status_json(entries, true);

	if (!text) {
		log_error("there is no memory for JSON");
		return EXIT_FAILURE;
	}
	fprintf(screen->out, "%s\n", text);
	return EXIT_SUCCESS;
}

/* Several into one: those of more. */
static int append(struct entries *entries, struct entries *more)
{
	struct entry *list =
		realloc(entries->list, (entries->count + more->count + 1) * sizeof(*list));

	if (!list) {
		log_error("there is no memory");
		return -1;
	}
	entries->list = list;
	memcpy(list + entries->count, more->list, more->count * sizeof(*list));
	entries->count += more->count;
	more->count = 0;
	return 0;
}

/* Each operand's; an error with one is not the others'. Returns the exit status. */
static int load_operands(struct entries *entries, char **operands)
{
	int status = EXIT_SUCCESS;

	*entries = (struct entries){0};
	for (; *operands; operands++) {
		struct entries one;

		if (entries_one(&one, *operands) < 0 || append(entries, &one) < 0)
			status = EXIT_FAILURE;
		entries_free(&one);
	}
	return status;
}

static int print_status(const struct status_options *options, struct screen *screen,
                        char **operands)
{
	struct entries entries;
	int status;

	/* Nothing is cut that can be scrolled. */
	screen->height = 0;
	if (*operands)
		status = load_operands(&entries, operands);
	else
		status = entries_all(&entries) < 0 || entries.bad > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	if (options->json) {
		if (show_json(screen, &entries) != EXIT_SUCCESS)
			status = EXIT_FAILURE;
	} else {
		show(screen, &entries, *operands != NULL);
	}
	entries_free(&entries);
	return status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct status_options options = {0};
	struct screen screen;
	struct failure failure = {0};
	int operands;
	int r = options_parse(command, argc, argv, &options, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	for (int i = operands; i < argc; i++) {
		if (*argv[i] && strncmp(argv[i], "--", 2) != 0)
			continue;
		log_error("\"%s\" is no VSOCK; options go before it", argv[i]);
		return EXIT_USAGE;
	}
	if (options.follow && argc - operands > 1) {
		log_error("%s: --follow shows one VSOCK, or all", argv[operands + 1]);
		return EXIT_USAGE;
	}
	screen_init(&screen, stdout);
	if (options.follow)
		return status_follow(&screen, argv[operands], options.json);
	return print_status(&options, &screen, argv + operands);
}

static const struct option_entry *const option_tables[] = {option_table, NULL};

const struct command status_command = {
	.name = "status",
	.synopsis = "[OPTION...] [VSOCK...]",
	.purpose = "Show what is known of a VM's guest, or a table of all VMs that are found.",
	.options = option_tables,
	.run = run,
};
