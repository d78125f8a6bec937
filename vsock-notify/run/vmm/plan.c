/* SPDX-License-Identifier: Apache-2.0 */
/* The plan for a VMM's command line: the part that is common to all VMMs (see plan.h). */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jailer.h"
#include "launcher.h"
#include "plan_common.h"

enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program)
{
	const char *name = basename(program);

	if (asked != VMM_AUTO)
		return asked;
	if (strstr(name, "cloud-hypervisor"))
		return VMM_CLOUD_HYPERVISOR;
	if (strstr(name, "firecracker") || jailer_is(program))
		return VMM_FIRECRACKER;
	if (strstr(name, "qemu-system-") || strcmp(name, "qemu-kvm") == 0)
		return VMM_QEMU;
	return VMM_OTHER;
}

/* The request as the VMM itself sees it: its arguments without a launcher, and its kind. */
static struct vmm_request own_request(const struct vmm_request *request, struct launcher *launcher)
{
	struct vmm_request own = *request;

	launcher_read(request->arguments, request->event_fd, launcher);
	own.arguments += launcher->program;
	own.kind = vmm_kind_of(request->kind, own.arguments[0]);
	return own;
}

/* Refuses a launcher behind which no VMM can be read, or followed. */
static int check_launcher(const struct vmm_request *request, const struct launcher *launcher,
                          struct failure *failure)
{
	bool is_read = request->kind != VMM_OTHER || !request->vsock;

	if (launcher->away && is_read)
		return failure_set(failure, -EINVAL,
		                   "%s has another process start the VMM, so nothing that the VMM "
		                   "does is seen here: write %s in front of vsock-notify, or "
		                   "%s --scope",
		                   launcher->away, launcher->away, launcher->away);
	if (launcher->shell && is_read && vmm_kind_of(VMM_AUTO, request->arguments[0]) == VMM_OTHER)
		return failure_set(
			failure, -EINVAL,
			"the command of %s is one string, which cannot be read: write the "
			"VMM's own words behind \"--\", or use --vmm=other with --vsock=PATH",
			launcher->shell);
	return 0;
}

/* Refuses paths of the VMM that do not mean here what they mean for the VMM. */
static int check_path(const char *path, const struct launcher *launcher, struct failure *failure)
{
	if (path && launcher->root)
		return failure_set(failure, -EINVAL,
		                   "%s changes the root folder, in which the VMM's %s is: use "
		                   "--vmm=other, and --vsock=PATH with the path of this host",
		                   launcher->root, path);
	if (path && launcher->folder && *path != '/')
		return failure_set(failure, -EINVAL,
		                   "%s changes the working directory, so the VMM's %s is somewhere "
		                   "else than here: write an absolute path",
		                   launcher->folder, path);
	return 0;
}

/* A VMM whose arguments this program does not know: they are left as they are. */
static int plan_other(const struct vmm_request *request, struct vmm_plan *plan,
                      struct failure *failure)
{
	plan->device_apart = true;
	if (!request->vsock)
		return failure_set(failure, -EINVAL,
		                   "where is the vsock socket of %s? Name it with --vsock=PATH, or "
		                   "name the kind of VMM with --vmm=",
		                   request->arguments[0]);
	return vmm_plan_set_vsock(plan, request->vsock);
}

static int plan_one(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure)
{
	switch (request->kind) {
	case VMM_CLOUD_HYPERVISOR:
		return vmm_plan_cloud_hypervisor(request, plan, failure);
	case VMM_FIRECRACKER:
		if (jailer_is(request->arguments[0]))
			return vmm_plan_jailer(request, plan, failure);
		return vmm_plan_firecracker(request, plan, failure);
	case VMM_QEMU:
		return vmm_plan_qemu(request, plan, failure);
	case VMM_OTHER:
	case VMM_AUTO:
		break;
	}
	return plan_other(request, plan, failure);
}

static const char *how_to_keep(const char *launcher)
{
	if (strcmp(launcher, "sudo") == 0)
		return "allow closefrom_override in sudoers and write sudo -C 64";
	if (strcmp(launcher, "firejail") == 0)
		return "write firejail --keep-fd=all";
	return "write vsock-notify run behind it";
}

/* A launcher that closes descriptors leaves the VMM without its event monitor. */
static int leave_monitor_out(struct vmm_request *request, struct vmm_plan *plan,
                             const struct launcher *launcher)
{
	if (!launcher->closes || request->event_fd < 0 || request->kind != VMM_CLOUD_HYPERVISOR ||
	    vmm_option_is_there(request, "--event-monitor"))
		return 0;
	if (asprintf(&plan->monitor_advice,
	             "%s closes the descriptor of the VMM's event monitor, so reboots, pauses, "
	             "restores "
	             "and panics are not seen: %s, or say --event-monitor=no",
	             launcher->closes, how_to_keep(launcher->closes)) < 0) {
		plan->monitor_advice = NULL;
		return -ENOMEM;
	}
	request->event_fd = -1;
	return 0;
}

int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan, struct failure *failure)
{
	struct launcher launcher;
	struct vmm_request own;
	int r;

	*plan = (struct vmm_plan){.port = request->port};
	r = strv_extend(&plan->arguments, request->arguments);
	if (r < 0)
		return r;
	own = own_request(request, &launcher);
	plan->kind = own.kind;
	plan->first = launcher.program;
	plan->program = plan->arguments.items[plan->first];
	plan->forks = launcher.forks;
	vmm_plan_set_user(plan, launcher.user);
	r = check_launcher(&own, &launcher, failure);
	if (r < 0)
		return r;
	r = leave_monitor_out(&own, plan, &launcher);
	if (r < 0)
		return r;
	r = plan_one(&own, plan, failure);
	if (r < 0 || plan->device_apart)
		return r;
	r = check_path(plan->vsock, &launcher, failure);
	return r < 0 ? r : check_path(plan->api_socket, &launcher, failure);
}

bool vmm_plan_wants_socket(const struct vmm_request *request)
{
	struct launcher launcher;
	struct vmm_request own = own_request(request, &launcher);

	return own.kind == VMM_CLOUD_HYPERVISOR && vmm_wants_socket_cloud_hypervisor(&own);
}

int vmm_plan_file(const struct vmm_request *request, struct vmm_file *file)
{
	struct launcher launcher;
	struct vmm_request own = own_request(request, &launcher);

	*file = (struct vmm_file){0};
	switch (own.kind) {
	case VMM_CLOUD_HYPERVISOR:
		file->path = vmm_file_cloud_hypervisor(&own);
		break;
	case VMM_FIRECRACKER:
		return vmm_file_firecracker(&own, file);
	case VMM_QEMU:
		file->path = vmm_file_qemu(&own);
		break;
	case VMM_OTHER:
	case VMM_AUTO:
		break;
	}
	return 0;
}

bool vmm_plan_jail(const struct vmm_request *request, struct vmm_jail *jail)
{
	struct launcher launcher;
	struct vmm_request own = own_request(request, &launcher);
	struct failure ignored = {0};
	struct jailer jailer;

	if (own.kind != VMM_FIRECRACKER || !jailer_is(own.arguments[0]) ||
	    jailer_read(own.arguments, &jailer, &ignored) < 0)
		return false;
	*jail = (struct vmm_jail){jailer.base, jailer.exec_file, jailer.id};
	return true;
}

void vmm_plan_free(struct vmm_plan *plan)
{
	strv_free(&plan->arguments);
	free(plan->vsock);
	free(plan->api_socket);
	free(plan->advice);
	free(plan->monitor_advice);
	*plan = (struct vmm_plan){0};
}
