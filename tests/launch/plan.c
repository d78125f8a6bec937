/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the plan that "vsock-notify run" makes from a command line, without starting anything.
 *	plan [OPTION...] -- VMM [ARGUMENT...]     the plan as lines "KEY: VALUE"; what is false, empty or as asked for is left out
 *	plan --vmm-arguments ...                  the arguments of the VMM alone, without a launcher in front, each ended by a zero byte
 * OPTION is any of run's. The event monitor has descriptor EVENT_FD. Advice and errors are logged as "run" logs them. Exits
 * with 0, or with 2 if there is no plan.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "run/launch.h"
#include "run/run_command.h"
#include "run/run_options.h"

#define EVENT_FD 9

static const char *const kinds[] = {
	[VMM_CLOUD_HYPERVISOR] = "cloud-hypervisor",
	[VMM_FIRECRACKER] = "firecracker",
	[VMM_QEMU] = "qemu",
	[VMM_OTHER] = "other",
};

static const char *const apis[] = {
	[VMM_API_NONE] = "none",
	[VMM_API_CLOUD_HYPERVISOR] = "cloud-hypervisor",
	[VMM_API_FIRECRACKER] = "firecracker",
	[VMM_API_QMP] = "qmp",
};

/* Prints a word as shells read it, in single quotes if it has anything but plain characters. */
static void print_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=,.:/@%[]";

	if (*word && strspn(word, plain) == strlen(word))
		printf(" %s", word);
	else
		printf(" '%s'", word);
}

static bool contains(char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

/* Prints what the plan made of the arguments: "changed: WORD" for each that was replaced, "added: WORD..." for new ones. */
static void print_changes(const char *const *old, char *const *new)
{
	bool adding = false;

	for (; *new; new ++) {
		bool stayed = *old && strcmp(*old, *new) == 0;
		bool added = !stayed && (!*old || contains(new, *old));

		if (adding && !added)
			putchar('\n');
		if (!stayed) {
			fputs(added ? adding ? "" : "added:" : "changed:", stdout);
			print_word(*new);
			fputs(added ? "" : "\n", stdout);
		}
		adding = added;
		old += added ? 0 : 1;
	}
	if (adding)
		putchar('\n');
	for (; *old; old++)
		printf("removed: %s\n", *old);
}

static void print_plan(const struct launch *launch, const char *const *vmm)
{
	const struct vmm_plan *plan = &launch->plan;

	printf("kind: %s\n", kinds[launch->plan.kind]);
	if (plan->program != plan->arguments.items[0])
		printf("program: %s\n", plan->program ? plan->program : "(none)");
	printf("vsock: %s\n", plan->vsock);
	printf("port: %u\n", plan->port);
	if (plan->api != VMM_API_NONE || plan->api_socket)
		printf("api: %s %s\n", apis[plan->api],
		       plan->api_socket ? plan->api_socket : "(no socket)");
	print_changes(vmm, plan->arguments.items);
	if (plan->has_uid)
		printf("uid: %u\n", plan->uid);
	if (plan->restored)
		puts("restored: yes");
	if (plan->paused)
		puts("paused: yes");
	if (plan->stays)
		puts("stays: yes");
	if (plan->forks)
		puts("forks: yes");
}

static void print_vmm_arguments(const struct vmm_plan *plan)
{
	bool begun = false;

	for (size_t i = 0; i < plan->arguments.count; i++) {
		begun = begun || plan->arguments.items[i] == plan->program;
		if (begun)
			fwrite(plan->arguments.items[i], strlen(plan->arguments.items[i]) + 1, 1,
			       stdout);
	}
}

int main(int argc, char **argv)
{
	static struct failure failure;
	struct run_options options;
	struct launch launch = {0};
	bool arguments_only = argc > 1 && strcmp(argv[1], "--vmm-arguments") == 0;
	int operands, r;

	run_options_init(&options);
	r = options_parse(&run_command, argc - arguments_only, argv + arguments_only, &options,
	                  &operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	argv += arguments_only;
	/* Nothing is started, so nothing may be made, either. */
	options.print = true;
	r = launch_make(&launch, &options, (const char *const *)argv + operands,
	                options.no_event_monitor ? -1 : EVENT_FD, &failure);
	if (r < 0)
		log_error("%s", failure_line(&failure, r));
	else if (arguments_only)
		print_vmm_arguments(&launch.plan);
	else
		print_plan(&launch, (const char *const *)argv + operands);
	launch_free(&launch);
	return r < 0 ? 2 : EXIT_SUCCESS;
}
