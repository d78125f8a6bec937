/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of the files that know one VMM (see plan_common.h). */
#include "plan_common.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/parse.h"

bool vmm_option_find(const char *const *arguments, const char *name, struct vmm_option *option)
{
	size_t length = strlen(name);

	for (size_t i = 1; arguments[0] && arguments[i] && strcmp(arguments[i], "--") != 0; i++) {
		const char *next = arguments[i + 1];

		if (strncmp(arguments[i], name, length) != 0)
			continue;
		if (arguments[i][length] == '=') {
			*option = (struct vmm_option){i, arguments[i] + length + 1};
			return true;
		}
		if (arguments[i][length] == '\0') {
			*option = (struct vmm_option){
				i + 1, next && strncmp(next, "--", 2) == 0 ? NULL : next};
			return true;
		}
	}
	return false;
}

bool vmm_option_is_there(const struct vmm_request *request, const char *name)
{
	struct vmm_option option;

	return vmm_option_find(request->arguments, name, &option);
}

int vmm_plan_set_vsock(struct vmm_plan *plan, const char *path)
{
	plan->vsock = strdup(path);
	return plan->vsock ? 0 : -ENOMEM;
}

int vmm_plan_set_api(struct vmm_plan *plan, enum vmm_api api, const char *path)
{
	plan->api_socket = strdup(path);
	if (!plan->api_socket)
		return -ENOMEM;
	plan->api = api;
	return 0;
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

int vmm_plan_advise_forbidden(struct vmm_plan *plan, const char *where)
{
	return vmm_plan_advise(
		plan,
		"the VMM's %s has systemd.import_credentials=no: the guest's systemd "
		"takes no credential then and does not report",
		where);
}

/* The guest will connect to port. --port may say nothing else. */
static int use_port(const struct vmm_request *request, struct vmm_plan *plan, uint32_t port,
                    const char *where, struct failure *failure)
{
	if (request->port_given && request->port != port)
		return failure_set(failure, -EINVAL,
		                   "--port=%u, but the guest is told port %u in the VMM's %s: "
		                   "leave out --port",
		                   request->port, port, where);
	plan->port = port;
	return 0;
}

int vmm_plan_refuse_vsock(const struct vmm_request *request, const char *words, const char *path,
                          struct failure *failure)
{
	return failure_set(failure, -EINVAL, "--vsock=%s, but %s%s: leave out the first",
	                   request->vsock, words, path);
}

void vmm_plan_set_user(struct vmm_plan *plan, const char *user)
{
	const char *digits = user && *user == '#' ? user + 1 : user;
	char id[sizeof("4294967295")];

	plan->user = user;
	plan->has_uid = false;
	if (!digits || strcspn(digits, ":") >= sizeof(id))
		return;
	snprintf(id, sizeof(id), "%.*s", (int)strcspn(digits, ":"), digits);
	plan->has_uid = parse_u32(id, 0, UINT32_MAX - 1, &plan->uid) == 0;
}

const cJSON *vmm_json_member(const cJSON *root, const char *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, object),
	                                        key);
}

int vmm_plan_use_credential(const struct vmm_request *request, struct vmm_plan *plan,
                            enum credential_found found, uint32_t port, const char *where,
                            struct failure *failure)
{
	switch (found) {
	case CREDENTIAL_USABLE:
		return use_port(request, plan, port, where, failure);
	case CREDENTIAL_DATAGRAM:
		return failure_set(
			failure, -EINVAL,
			"the VMM's %s tells the guest to report by vsock datagrams, which "
			"this VMM does not carry: write vsock-stream:2:PORT",
			where);
	case CREDENTIAL_LINE_END:
		return failure_set(
			failure, -EINVAL,
			"the VMM's %s has a line break at the end of the address that the guest "
			"is to report to, and the guest's systemd refuses that: encode it with "
			"printf, not with echo",
			where);
	case CREDENTIAL_UNKNOWN:
		return vmm_plan_advise(plan,
		                       "the VMM's %s tells the guest to report to another address: "
		                       "nothing may arrive at port %u",
		                       where, plan->port);
	case CREDENTIAL_ABSENT:
		break;
	}
	return 1;
}
