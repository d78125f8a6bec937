/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify wait": until a guest is ready, has ended, or has reached what it was asked for. How it is watched is in target.h,
 * when that is over in wait_decide.h.
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
#include "target.h"

/* As timeout(1) has it. */
#define EXIT_TIMED_OUT 124
#define EXIT_NEVER     3

struct wait_options {
	struct wait_condition condition;
	const char *text; /* of it */
	bool limited;
	uint64_t timeout_usec;
};

static int take_for(void *user, const char *argument, struct failure *failure)
{
	struct wait_options *options = user;
	int r = wait_condition_parse(argument, &options->condition);

	options->text = argument;
	if (r < 0)
		return failure_set(failure, r,
		                   "--for=%s: it must be ready, exit, unit:NAME or "
		                   "field:X_NAME=VALUE, and for X_SYSTEMD_UNIT_ACTIVE= unit:NAME",
		                   argument);
	return 0;
}

static int take_timeout(void *user, const char *argument, struct failure *failure)
{
	struct wait_options *options = user;
	int r = parse_timespan(argument, &options->timeout_usec);

	/* So that it can be added to any time. */
	if (r == 0 && options->timeout_usec > UINT64_MAX / 2)
		r = -ERANGE;
	options->limited = true;
	if (r < 0)
		return failure_set(failure, r,
		                   "--timeout=%s: it must be a time, such as 500ms, 90s or 5min",
		                   argument);
	return 0;
}

/* Those with a colon go on. */
static const struct option_choice conditions[] = {
	{"ready", 0}, {"exit", 0}, {"unit:", 0}, {"field:", 0}, {0}};

static const struct option_entry option_table[] = {
	{"for", "WHAT", "ready", "what to wait for: ready, exit, unit:NAME or field:NAME=VALUE",
         .take = take_for, .choices = conditions},
	{"timeout", "TIME", NULL, "give up after that time, with exit status 124",
         .take = take_timeout},
	{0},
};

static char *describe(const struct target *target)
{
	const struct state *state = target->state;
	char since[SHOW_TIME_MAX];
	char *text;
	int r;

	if (!state)
		r = asprintf(&text, "%s: not started yet", target->operand);
	else {
		show_short(since, state, state->since_usec, now_usec());
		r = asprintf(&text, "%s: %s since %s%s%s%s", state->name,
		             state_life_name(state->life), since, state->paused ? ", paused" : "",
		             *state->status ? ": " : "", state->status);
	}
	return r < 0 ? NULL : text;
}

/* One line, in place of the last one. */
static void show_progress(struct screen *screen, const struct target *target)
{
	CLEANUP_FREE char *text = NULL;
	CLEANUP_FREE char *shown = NULL;

	if (!screen->live)
		return;
	screen_measure(screen);
	text = describe(target);
	/* A line as wide as the terminal would leave the cursor at the next one. */
	shown = text ? show_text(text, screen->utf8, screen->width > 1 ? screen->width - 1 : 1)
	             : NULL;
	fprintf(screen->out, "\r\033[K%s", shown ? shown : "");
	fflush(screen->out);
}

static void clear_progress(const struct screen *screen)
{
	if (!screen->live)
		return;
	fputs("\r\033[K", screen->out);
	fflush(screen->out);
}

static void end_by_signal(const struct screen *screen)
{
	int signal = interrupt_taken();

	if (!signal)
		return;
	clear_progress(screen);
	interrupt_die(signal);
}

static int timed_out(const struct wait_options *options, const struct target *target)
{
	if (target->state)
		log_error("%s: timed out waiting for %s; it is %s", target->state->name,
		          options->text, screen_state_name(target->state, target->facts.writer));
	else
		log_error("%s: timed out waiting for %s; it has not started", target->operand,
		          options->text);
	return EXIT_TIMED_OUT;
}

static int reached(const struct wait_options *options, const struct target *target)
{
	int status = wait_exit_status(&target->facts);

	if (options->condition.kind == WAIT_EXIT && status >= 0)
		printf("%d\n", status);
	return EXIT_SUCCESS;
}

static int never(const struct wait_options *options, const struct target *target)
{
	char reason[WAIT_REASON_MAX];

	wait_reason(&target->facts, reason);
	log_error("%s: %s cannot be reached any more: %s",
	          target->state ? target->state->name : target->operand, options->text, reason);
	return EXIT_NEVER;
}

/* Returns the exit status. */
static int wait_for(const struct wait_options *options, struct target *target,
                    struct screen *screen)
{
	uint64_t until =
		options->limited ? options->condition.begun_usec + options->timeout_usec : 0;

	for (;;) {
		enum wait_outcome outcome;
		int r = target_look(target);

		if (r < 0) {
			clear_progress(screen);
			return EXIT_FAILURE;
		}
		outcome = wait_decide(&options->condition, &target->facts);
		if (outcome == WAIT_ON) {
			show_progress(screen, target);
			r = target_wait(target, until);
			if (r == TARGET_INTERRUPTED)
				end_by_signal(screen);
			if (r > TARGET_TIMEOUT)
				continue;
		}
		clear_progress(screen);
		if (outcome != WAIT_ON)
			return outcome == WAIT_REACHED ? reached(options, target)
			                               : never(options, target);
		return r == TARGET_TIMEOUT ? timed_out(options, target) : EXIT_FAILURE;
	}
}

static int run(const struct command *command, int argc, char **argv)
{
	struct wait_options options = {.text = "ready", .condition.kind = WAIT_READY};
	struct target target;
	struct screen screen;
	struct failure failure = {0};
	int operands;
	int status = EXIT_FAILURE;
	int r = options_parse(command, argc, argv, &options, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (argc - operands != 1 || !*argv[operands]) {
		log_error("one VSOCK is to be named, after the options: \"vsock-notify wait "
		          "/run/vm/vsock\"");
		return EXIT_USAGE;
	}
	screen_init(&screen, stderr);
	if (screen.live) {
		/* So that the line is cleared. */
		interrupt_catch(SIGINT);
		interrupt_catch(SIGTERM);
		interrupt_catch(SIGHUP);
	}
	options.condition.begun_usec = now_usec();
	if (target_open(&target, argv[operands]) == 0)
		status = wait_for(&options, &target, &screen);
	target_close(&target);
	return status;
}

static const struct option_entry *const option_tables[] = {option_table, NULL};

const struct command wait_command = {
	.name = "wait",
	.synopsis = "[OPTION...] VSOCK",
	.purpose = "Wait until a VM's guest is ready, or what else it is asked for; it need not "
		   "have been "
		   "started\nyet. Exit status 0: reached, 3: it cannot be reached any more, 124: "
		   "timed "
		   "out.",
	.options = option_tables,
	.run = run,
};
