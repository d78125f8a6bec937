/* SPDX-License-Identifier: Apache-2.0 */
/* The options of "vsock-notify run" that the bridge does not have. */
#include "run_options.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"

/* The VMM must end before systemd's own deadline, TimeoutStopSec=, which is 90 s by default. */
#define STOP_TIMEOUT_USEC (80 * USEC_PER_SEC)

/* Firecracker and cloud-hypervisor end within milliseconds after their guest, if they do. */
#define LINGER_USEC (10 * USEC_PER_SEC)

/* systemd-nspawn's exit status for a container that reboots; its unit has RestartForceExitStatus=133, too. */
#define REBOOT_EXIT_STATUS 133

/* The notify plugin has the same limit. */
#define EXTEND_START_MAX_SEC 86400

static const struct option_choice vmm_choices[] = {
	{"auto", VMM_AUTO},
	{"cloud-hypervisor", VMM_CLOUD_HYPERVISOR},
	{"firecracker", VMM_FIRECRACKER},
	{"qemu", VMM_QEMU},
	{"other", VMM_OTHER},
	{0},
};

static const struct option_choice credential_choices[] = {
	{"auto", VMM_CREDENTIAL_AUTO},
	{"oem-string", VMM_CREDENTIAL_OEM_STRING},
	{"cmdline", VMM_CREDENTIAL_CMDLINE},
	{"none", VMM_CREDENTIAL_NONE},
	{0},
};

static const struct option_choice exit_status_choices[] = {{"guest", 0}, {"vmm", 1}, {0}};

static const struct option_choice on_emergency_choices[] = {{"wait", 0}, {"fail", 1}, {0}};

static const struct option_choice on_restore_choices[] = {{"ready", 0}, {"wait", 0}, {0}};

static int take_on_restore(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	options->on_restore_ready = strcmp(argument, "ready") == 0;
	return bridge_options_add_choice(&options->serve, "on-restore", argument,
	                                 on_restore_choices, failure);
}

static const struct option_choice event_monitor_choices[] = {{"auto", 0}, {"no", 1}, {0}};

static const struct option_choice reboot_choices[] = {
	{"status", 0}, {"reloading", 0}, {"exit", 0}, {0}};

static int take_reboot(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	options->exit_on_reboot = strcmp(argument, "exit") == 0;
	if (options->exit_on_reboot)
		return 0;
	return bridge_options_add_choice(&options->serve, "reboot", argument, reboot_choices,
	                                 failure);
}

static int take_extend_start(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;
	uint64_t seconds;

	if (parse_u64(argument, &seconds) == 0 && seconds <= EXTEND_START_MAX_SEC)
		return bridge_options_add_key(&options->serve, "extend-start", argument, failure);
	return failure_set(failure, -EINVAL,
	                   "--extend-start=%s: it must be a number of seconds, at most %d",
	                   argument, EXTEND_START_MAX_SEC);
}

static int take_status(const char *name, uint32_t *status, const char *argument,
                       struct failure *failure)
{
	if (parse_u32(argument, 0, 255, status) == 0)
		return 0;
	return option_refuse(name, argument, "it must be a number from 0 to 255", failure);
}

static int take_exit_status_unknown(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	return take_status("exit-status-unknown", &options->unknown_exit_status, argument, failure);
}

static int take_exit_status_reboot(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	return take_status("exit-status-reboot", &options->reboot_exit_status, argument, failure);
}

static int take_stop_timeout(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	if (parse_timespan(argument, &options->stop_timeout_usec) == 0 &&
	    options->stop_timeout_usec > 0)
		return 0;
	return option_refuse("stop-timeout", argument, "it must be a time such as 80s", failure);
}

static int take_linger(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	if (parse_timespan(argument, &options->linger_usec) == 0)
		return 0;
	return option_refuse("linger", argument, "it must be a time such as 10s", failure);
}

static int take_stop_command(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	if (!*argument)
		return option_refuse("stop-command", argument, "it must be a command for /bin/sh",
		                     failure);
	options->stop_command = argument;
	return 0;
}

static int take_vsock(void *user, const char *argument, struct failure *failure)
{
	struct run_options *options = user;

	if (!*argument)
		return option_refuse("vsock", argument,
		                     "it must be the path of the VMM's vsock socket", failure);
	options->vsock = argument;
	return 0;
}

const struct option_entry run_option_table[] = {
	{"vmm", "KIND", "auto", "auto, cloud-hypervisor, firecracker, qemu or other",
         .offset = offsetof(struct run_options, vmm), .choices = vmm_choices},
	{"vsock", "PATH", NULL, "the VMM's vsock socket, if its command line does not name it",
         .take = take_vsock},
	{"credential", "HOW", "auto",
         "how the guest is told where to report: auto, oem-string, cmdline or none",
         .offset = offsetof(struct run_options, credential), .choices = credential_choices},
	{"argv0", "NAME", NULL, "name of the VMM's process, in place of its program",
         .offset = offsetof(struct run_options, argv0)},
	{"stop-command", "COMMAND", NULL,
         "command for /bin/sh that has the guest shut down, in place of the VMM's API",
         .take = take_stop_command},
	{"stop-timeout", "TIME", "80s", "time that the guest has to shut down before SIGTERM",
         .take = take_stop_timeout},
	{"linger", "TIME", "10s", "time that the VMM has to end after its guest has shut down",
         .take = take_linger},
	{"exit-status", "WHOSE", "guest", "exit as the guest or the vmm did",
         .offset = offsetof(struct run_options, vmm_exit_status), .choices = exit_status_choices},
	{"exit-status-unknown", "STATUS", "0",
         "exit status if the guest shut down and its own was lost",
         .take = take_exit_status_unknown},
	{"exit-status-reboot", "STATUS", "133",
         "exit status if the unit's start is to run again for a reboot",
         .take = take_exit_status_reboot},
	{"on-emergency", "WHAT", "wait", "wait for a guest in emergency mode, or fail",
         .offset = offsetof(struct run_options, fail_on_emergency),
         .choices = on_emergency_choices},
	{"on-restore", "WHAT", "ready",
         "after a restore from a snapshot: be ready at once, or wait for READY=1",
         .take = take_on_restore, .choices = on_restore_choices},
	{"extend-start", "SEC", "0",
         "before readiness, each message extends the start timeout to SEC; 0: does not",
         .take = take_extend_start},
	{"reboot", "HOW", "status",
         "at a reboot of the guest: tell its status, tell RELOADING=1 (reloading), or exit",
         .take = take_reboot, .choices = reboot_choices},
	{"event-monitor", "WHEN", "auto", "have cloud-hypervisor tell of its events: auto or no",
         .offset = offsetof(struct run_options, no_event_monitor),
         .choices = event_monitor_choices},
	{"follow", NULL, NULL, "the VMM's launcher exits and leaves the VMM running",
         .offset = offsetof(struct run_options, follow)},
	{"print", NULL, NULL, "print the VMM's command line and exit",
         .offset = offsetof(struct run_options, print)},
	{0},
};

void run_options_init(struct run_options *options)
{
	*options = (struct run_options){
		.vmm = VMM_AUTO,
		.credential = VMM_CREDENTIAL_AUTO,
		.stop_timeout_usec = STOP_TIMEOUT_USEC,
		.linger_usec = LINGER_USEC,
		.reboot_exit_status = REBOOT_EXIT_STATUS,
	};
	bridge_options_init(&options->serve);
	options->serve.track = true;
}

/* The word of a choice. */
static const char *word_of(const struct option_choice *choices, int value)
{
	while (choices->word && choices->value != value)
		choices++;
	return choices->word;
}

int run_options_check(const struct run_options *options, const struct vmm_plan *plan,
                      struct failure *failure)
{
	/* A line that is printed has no event monitor of ours. */
	if (options->on_restore_ready && !plan->event_monitor && !options->print)
		return failure_set(
			failure, -EINVAL,
			"--on-restore=ready has no effect: %s, so run does not learn of a "
			"restore; leave it out, and wait for READY=1 or for --ready-unit=",
			plan->kind == VMM_CLOUD_HYPERVISOR
				? "run does not get the VMM's --event-monitor"
				: "this VMM tells run no events");
	if (options->argv0 && plan->first > 0)
		return failure_set(
			failure, -EINVAL,
			"--argv0=%s would name %s, which is in front of the VMM: leave it out",
			options->argv0, plan->arguments.items[0]);
	if (plan->kind == VMM_OTHER && (options->credential == VMM_CREDENTIAL_OEM_STRING ||
	                                options->credential == VMM_CREDENTIAL_CMDLINE))
		return failure_set(
			failure, -EINVAL,
			"--credential=%s has no effect: run knows cloud-hypervisor's and "
			"Firecracker's command line only (--vmm=); write the credential "
			"on the VMM's yourself, and leave this out",
			word_of(credential_choices, (int)options->credential));
	return 0;
}
