/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify run" makes of a VMM's command line: what is common to all VMMs (vmm_plan.h). */
#include "vmm_plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool vmm_option_find(const char *const *arguments, const char *name, struct vmm_option *option)
{
	size_t length = strlen(name);

	for (size_t i = 1; arguments[0] && arguments[i]; i++) {
		if (strncmp(arguments[i], name, length) != 0)
			continue;
		if (arguments[i][length] == '=') {
			*option = (struct vmm_option){i, arguments[i] + length + 1};
			return true;
		}
		if (arguments[i][length] == '\0') {
			*option = (struct vmm_option){i + 1, arguments[i + 1]};
			return true;
		}
	}
	return false;
}

int vmm_plan_fail(struct vmm_plan *plan, const char *format, ...)
{
	va_list arguments;
	int length;

	free(plan->fault);
	va_start(arguments, format);
	length = vasprintf(&plan->fault, format, arguments);
	va_end(arguments);
	if (length >= 0)
		return -EINVAL;
	plan->fault = NULL;
	return -ENOMEM;
}

int vmm_plan_advise(struct vmm_plan *plan, const char *format, ...)
{
	va_list arguments;
	int length;

	free(plan->advice);
	va_start(arguments, format);
	length = vasprintf(&plan->advice, format, arguments);
	va_end(arguments);
	if (length >= 0)
		return 0;
	plan->advice = NULL;
	return -ENOMEM;
}

int vmm_plan_follow_port(const struct vmm_request *request, struct vmm_plan *plan, uint32_t port,
                         const char *where)
{
	if (request->port_given && request->port != port)
		return vmm_plan_fail(plan,
		                     "--port=%u, but the guest is told port %u in the VMM's %s: "
		                     "leave out --port",
		                     request->port, port, where);
	plan->port = port;
	return 0;
}

int vmm_plan_fail_datagram(struct vmm_plan *plan, const char *where)
{
	return vmm_plan_fail(plan,
	                     "the VMM's %s has the guest report by vsock datagrams, which this VMM "
	                     "does not carry: write vsock-stream:2:PORT",
	                     where);
}

int vmm_plan_advise_elsewhere(struct vmm_plan *plan, const char *where)
{
	return vmm_plan_advise(plan,
	                       "the VMM's %s has the guest report to somewhere else: nothing may "
	                       "arrive at port %u",
	                       where, plan->port);
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
