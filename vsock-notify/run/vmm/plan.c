/* SPDX-License-Identifier: Apache-2.0 */
/* The plan for a VMM's command line: the part that is common to all VMMs (see plan.h). */
#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan_common.h"

enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program)
{
	const char *name = basename(program);

	if (asked != VMM_AUTO)
		return asked;
	if (strstr(name, "cloud-hypervisor"))
		return VMM_CLOUD_HYPERVISOR;
	return strstr(name, "firecracker") ? VMM_FIRECRACKER : VMM_OTHER;
}

/* A VMM whose arguments this program does not know: they are left as they are. */
static int plan_other(const struct vmm_request *request, struct vmm_plan *plan,
                      struct failure *failure)
{
	if (!request->vsock)
		return failure_set(failure, -EINVAL,
		                   "where is the vsock socket of %s? Name it with --vsock=PATH, or "
		                   "name the kind of VMM with --vmm=",
		                   request->arguments[0]);
	plan->vsock = strdup(request->vsock);
	return plan->vsock ? 0 : -ENOMEM;
}

int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan, struct failure *failure)
{
	int r;

	*plan = (struct vmm_plan){.port = request->port};
	r = strv_extend(&plan->arguments, request->arguments);
	if (r < 0)
		return r;
	plan->program = plan->arguments.items[0];
	switch (request->kind) {
	case VMM_CLOUD_HYPERVISOR:
		return vmm_plan_cloud_hypervisor(request, plan, failure);
	case VMM_FIRECRACKER:
		return vmm_plan_firecracker(request, plan, failure);
	case VMM_QEMU:
	case VMM_OTHER:
	case VMM_AUTO:
		break;
	}
	return plan_other(request, plan, failure);
}

void vmm_plan_free(struct vmm_plan *plan)
{
	strv_free(&plan->arguments);
	free(plan->vsock);
	free(plan->api_socket);
	free(plan->advice);
	*plan = (struct vmm_plan){0};
}
