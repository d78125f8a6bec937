/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify run" (see run_command.h). */
#include "run_command.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "run.h"

/* The operands are "-- VMM ARGUMENT...". *vmm becomes the VMM's arguments. Returns 0, or -EINVAL with the failure set. */
static int find_vmm(int argc, char **argv, int operands, const char *const **vmm,
                    struct failure *failure)
{
	*vmm = (const char *const *)argv + operands;
	if (operands < argc && strcmp(argv[operands - 1], "--") == 0)
		return 0;
	return failure_set(failure, -EINVAL,
	                   "%s: write \"--\" between run's options and the VMM's command line",
	                   operands == argc ? "the VMM is missing" : argv[operands]);
}

static int run_command_run(const struct command *command, int argc, char **argv)
{
	static struct failure failure; /* static: no page of it is touched unless it is set */
	struct spawn_signals signals;
	struct run_options options;
	const char *const *vmm;
	int operands, status, r;

	spawn_save_signals(&signals);
	run_options_init(&options);
	r = options_parse(command, argc, argv, &options, &operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	log_set_level(options.serve.log_level);
	r = find_vmm(argc, argv, operands, &vmm, &failure);
	if (r < 0)
		return options_exit_status(r, &failure);
	r = run_service(&options, vmm, &signals, &status, &failure);
	if (r < 0)
		log_error("%s", failure_line(&failure, r));
	return status;
}

static const struct option_entry *const option_tables[] = {
	run_option_table,
	bridge_option_table,
	NULL,
};

const struct command run_command = {
	.name = "run",
	.synopsis = "[OPTION...] -- VMM [ARGUMENT...]",
	.purpose = "Start a VMM, pass its guest's notifications on to the service manager, stop it "
		   "in order,\nand exit as the guest did: the main process of a VM's service.",
	.options = option_tables,
	.run = run_command_run,
};
