/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify wait": waits until a guest is ready, has ended, or has a unit or a field. vm_watch.h watches the VM,
 * wait_decide.h decides when the wait is over.
 */
#include "wait.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/parse.h"
#include "show/interrupt.h"
#include "show/screen.h"
#include "show/show_text.h"
#include "show/show_time.h"
#include "show/vm_watch.h"
#include "wait_decide.h"

/* The same as timeout(1)'s. */
#define EXIT_TIMED_OUT 124
#define EXIT_NEVER     3

struct wait_options {
	struct wait_condition condition;
	const char *text;      /* of the condition, for messages */
	uint64_t timeout_usec; /* UINT64_MAX: none */
};

/* A guest announces no other unit (plugins/notify/keys.c). */
static bool is_target(const struct wait_condition *condition)
{
	static const char suffix[] = ".target";
	size_t length = strlen(suffix);

	return condition->name_length > length &&
	       memcmp(condition->name + condition->name_length - length, suffix, length) == 0;
}

static int take_for(void *user, const char *argument, struct failure *failure)
{
	struct wait_options *options = user;

	options->text = argument;
	if (wait_condition_parse(argument, &options->condition) == 0) {
		if (options->condition.kind != WAIT_UNIT || is_target(&options->condition))
			return 0;
		return option_refuse("for", argument,
		                     "a guest announces targets only: name one, such as "
		                     "unit:multi-user.target",
		                     failure);
	}
	return option_refuse("for", argument,
	                     "it must be ready, exit, unit:NAME or field:X_NAME=VALUE, and for "
	                     "X_SYSTEMD_UNIT_ACTIVE= unit:NAME",
	                     failure);
}

static int take_timeout(void *user, const char *argument, struct failure *failure)
{
	struct wait_options *options = user;

	if (parse_timespan(argument, &options->timeout_usec) == 0)
		return 0;
	return option_refuse("timeout", argument, "it must be a time, such as 500ms, 90s or 5min",
	                     failure);
}

static const struct option_choice conditions[] = {
	{"ready", 0}, {"exit", 0}, {"unit:", 0}, {"field:", 0}, {0}};

static const struct option_entry option_table[] = {
	{"for", "WHAT", "ready", "what to wait for: ready, exit, unit:NAME or field:NAME=VALUE",
         .take = take_for, .choices = conditions},
	{"timeout", "TIME", NULL, "give up after that time, with exit status 124",
         .take = take_timeout},
	{0},
};

/* The text of the progress line. The caller frees it. NULL: no memory. */
static char *describe(const struct vm_watch *watch)
{
	const struct state *state = watch->facts.state;
	char since[SHOW_TIME_MAX];
	char *text;
	int r;

	if (!state) {
		r = asprintf(&text, "%s: not started yet", watch->operand);
	} else {
		show_short(since, state, state->since_usec, now_usec());
		r = asprintf(&text, "%s: %s since %s%s%s%s", state->name,
		             state_life_name(state->life), since, state->paused ? ", paused" : "",
		             *state->status ? ": " : "", state->status);
	}
	return r < 0 ? NULL : text;
}

/* Prints the progress line over the last one. */
static void put_progress(const struct screen *screen, const char *text)
{
	if (!screen->live)
		return;
	fprintf(screen->out, "\r\033[K%s", text);
	fflush(screen->out);
}

static void show_progress(struct screen *screen, const struct vm_watch *watch)
{
	CLEANUP_FREE char *text = NULL;
	CLEANUP_FREE char *shown = NULL;

	if (!screen->live)
		return;
	screen_measure(screen);
	text = describe(watch);
	/* A line as wide as the terminal would move the cursor to the next line. */
	shown = text ? show_text(text, screen->utf8, screen->width > 1 ? screen->width - 1 : 1)
	             : NULL;
	put_progress(screen, shown ? shown : "");
}

static const char *name_of(const struct vm_watch *watch)
{
	return watch->facts.state ? watch->facts.state->name : watch->operand;
}

static int timed_out(const struct wait_options *options, const struct vm_watch *watch)
{
	const struct state *state = watch->facts.state;

	log_error("%s: timed out waiting for %s; it %s%s", name_of(watch), options->text,
	          state ? "is " : "has not started",
	          state ? screen_state_name(state, watch->facts.writer) : "");
	return EXIT_TIMED_OUT;
}

static int reached(const struct wait_options *options, const struct vm_watch *watch)
{
	int status = wait_exit_status(&watch->facts);

	if (options->condition.kind == WAIT_EXIT && status >= 0)
		printf("%d\n", status);
	return EXIT_SUCCESS;
}

static int never(const struct wait_options *options, const struct vm_watch *watch)
{
	char reason[WAIT_REASON_MAX];

	wait_reason(&watch->facts, reason);
	log_error("%s: %s cannot be reached any more: %s", name_of(watch), options->text, reason);
	return EXIT_NEVER;
}

static int fail(const struct failure *failure, int error)
{
	log_error("%s", failure_line(failure, error));
	return EXIT_FAILURE;
}

/* Returns the exit status. */
static int wait_for(const struct wait_options *options, struct vm_watch *watch,
                    struct screen *screen)
{
	uint64_t until = options->timeout_usec == UINT64_MAX
	                         ? 0
	                         : options->condition.begun_usec + options->timeout_usec;
	struct failure failure = {0};
	enum wait_outcome outcome = WAIT_ON;
	int signal = 0;
	int r;

	do {
		r = vm_watch_look(watch, &failure);
		if (r < 0)
			break;
		outcome = wait_decide(&options->condition, &watch->facts);
		if (outcome != WAIT_ON)
			break;
		show_progress(screen, watch);
		r = vm_watch_wait(watch, until, &failure);
		signal = interrupt_taken();
	} while (r > VM_WATCH_TIMEOUT && !signal);
	put_progress(screen, "");
	if (signal)
		interrupt_die(signal);
	if (r < 0)
		return fail(&failure, r);
	if (outcome == WAIT_ON)
		return timed_out(options, watch);
	return outcome == WAIT_REACHED ? reached(options, watch) : never(options, watch);
}

static int wait_for_operand(struct wait_options *options, const char *operand)
{
	struct failure failure = {0};
	struct vm_watch watch;
	struct screen screen;
	int status;
	int r;

	screen_init(&screen, stderr);
	if (screen.live) {
		/* If one of these ends the wait, the progress line is cleared first. */
		interrupt_catch(SIGINT);
		interrupt_catch(SIGTERM);
		interrupt_catch(SIGHUP);
	}
	options->condition.begun_usec = now_usec();
	r = vm_watch_open(&watch, operand, &failure);
	status = r < 0 ? fail(&failure, r) : wait_for(options, &watch, &screen);
	vm_watch_close(&watch);
	return status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct wait_options options = {.text = "ready", .timeout_usec = UINT64_MAX};
	struct failure failure = {0};
	int operands;
	int r = options_parse(command, argc, argv, &options, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (argc - operands == 1 && *argv[operands])
		return wait_for_operand(&options, argv[operands]);
	log_error("name one VSOCK, after the options: \"vsock-notify wait /run/vm/vsock\"");
	return EXIT_USAGE;
}

static const struct option_entry *const option_tables[] = {option_table, NULL};

const struct command wait_command = {
	.name = "wait",
	.synopsis = "[OPTION...] VSOCK",
	.purpose =
		"Wait until a VM's guest is ready, or for what --for= names. The VM need not "
		"have been\nstarted yet. Exit status 0: reached, 3: it cannot be reached any more, "
		"124: timed out.",
	.options = option_tables,
	.run = run,
};
