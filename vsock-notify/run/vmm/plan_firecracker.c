/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan for Firecracker. The VM is described in the file that --config-file names. That file belongs to the user and is
 * not rewritten: if something is missing in it, a message says what to add. Firecracker has no SMBIOS, so the credential
 * goes into boot_args.
 */
#include <errno.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "credential.h"
#include "plan_common.h"

static const char *string_at(const cJSON *root, const char *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItemCaseSensitive(root, object), key));
}

static int find_vsock(const struct vmm_request *request, struct vmm_plan *plan, const cJSON *root,
                      struct failure *failure)
{
	const char *path = string_at(root, "vsock", "uds_path");

	if (path && *path && request->vsock && strcmp(path, request->vsock) != 0)
		return failure_set(failure, -EINVAL,
		                   "--vsock=%s, but Firecracker's config file has uds_path %s: "
		                   "leave out the first",
		                   request->vsock, path);
	if (!path || !*path)
		return failure_set(failure, -EINVAL,
		                   "Firecracker's config file has no vsock: add \"vsock\": "
		                   "{\"guest_cid\": 3, \"uds_path\": \"/run/vm/vsock\"}");
	plan->vsock = strdup(path);
	return plan->vsock ? 0 : -ENOMEM;
}

static int check_credential(const struct vmm_request *request, struct vmm_plan *plan,
                            const cJSON *root, struct failure *failure)
{
	static const char where[] = "boot_args";
	const char *boot_args = string_at(root, "boot-source", where);
	uint32_t port = 0;
	enum credential_found found = credential_in_cmdline(boot_args ? boot_args : "", &port);
	int r = vmm_plan_use_credential(request, plan, found, port, where, failure);

	if (r != 1)
		return r;
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return vmm_plan_advise(plan,
	                       "the guest is not told to report: add \"" CREDENTIAL_CMDLINE_PREFIX
	                               CREDENTIAL_ADDRESS_FORMAT
	                       "\" to boot_args in Firecracker's config "
	                       "file",
	                       plan->port);
}

/* Without a config file the VM is created by API calls, which this program does not see. */
static int plan_api(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure)
{
	if (!request->vsock)
		return failure_set(failure, -EINVAL,
		                   "Firecracker has no --config-file: name with --vsock=PATH the "
		                   "uds_path that its API will get");
	plan->vsock = strdup(request->vsock);
	if (!plan->vsock)
		return -ENOMEM;
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return vmm_plan_advise(plan,
	                       "Firecracker is driven by its API: its boot_args must contain "
	                       "\"" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT "\"",
	                       plan->port);
}

static int plan_config(const struct vmm_request *request, struct vmm_plan *plan, const cJSON *root,
                       struct failure *failure)
{
	int r = find_vsock(request, plan, root, failure);

	return r < 0 ? r : check_credential(request, plan, root, failure);
}

int vmm_plan_firecracker(const struct vmm_request *request, struct vmm_plan *plan,
                         struct failure *failure)
{
	cJSON *root;
	int r;

	if (request->credential == VMM_CREDENTIAL_OEM_STRING)
		return failure_set(failure, -EINVAL,
		                   "--credential=oem-string, but Firecracker has no SMBIOS: "
		                   "leave it out");
	if (!request->config_text)
		return plan_api(request, plan, failure);
	root = cJSON_Parse(request->config_text);
	if (!root)
		return failure_set(failure, -EINVAL,
		                   "Firecracker's config file is not JSON near \"%.20s\"",
		                   cJSON_GetErrorPtr() ? cJSON_GetErrorPtr() : "");
	r = plan_config(request, plan, root, failure);
	cJSON_Delete(root);
	return r;
}
