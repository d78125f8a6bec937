/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify run" makes of a VMM's command line: what is common to all VMMs (vmm_plan.h). */
#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan_common.h"

enum vmm_kind vmm_kind_of(enum vmm_kind asked, const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;

	if (asked != VMM_AUTO)
		return asked;
	if (strstr(name, "cloud-hypervisor"))
		return VMM_CLOUD_HYPERVISOR;
	return strstr(name, "firecracker") ? VMM_FIRECRACKER : VMM_OTHER;
}

/* A VMM whose arguments nobody here can read. */
static int plan_other(const struct vmm_request *request, struct vmm_plan *plan)
{
	if (!request->vsock)
		return vmm_plan_fail(plan,
		                     "where is the vsock socket of %s? Say so with --vsock=PATH "
		                     "(or name the VMM's kind with --vmm=)",
		                     request->arguments[0]);
	plan->vsock = strdup(request->vsock);
	return plan->vsock ? 0 : -ENOMEM;
}

bool vmm_plan_wants_socket(const struct vmm_request *request)
{
	return request->kind == VMM_CLOUD_HYPERVISOR &&
	       vmm_plan_wants_socket_cloud_hypervisor(request);
}

int vmm_plan_make(const struct vmm_request *request, struct vmm_plan *plan)
{
	int r;

	*plan = (struct vmm_plan){.port = request->port};
	r = strv_extend(&plan->arguments, request->arguments);
	if (r < 0)
		return r;
	switch (request->kind) {
	case VMM_CLOUD_HYPERVISOR:
		return vmm_plan_cloud_hypervisor(request, plan);
	case VMM_FIRECRACKER:
		return vmm_plan_firecracker(request, plan);
	case VMM_OTHER:
	case VMM_AUTO:
		break;
	}
	return plan_other(request, plan);
}

void vmm_plan_free(struct vmm_plan *plan)
{
	strv_free(&plan->arguments);
	free(plan->vsock);
	free(plan->api_socket);
	free(plan->advice);
	free(plan->fault);
	*plan = (struct vmm_plan){0};
}
