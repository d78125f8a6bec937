/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VM that cloud-hypervisor restores (see ch_plan.h). The VM's configuration is config.json in the folder that --restore
 * source_url=file://FOLDER names: struct VmConfig as JSON (vmm/src/migration/mod.rs and vmm/src/vm_config.rs of 52.0 and 53.0).
 * --restore can change nothing about the vsock device. Without resume=on the VM stays paused until the API resumes it; before 52
 * it always does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/memory.h"
#include "ch_plan.h"
#include "ch_value.h"
#include "credential.h"

#define URL_OF_FILES "file://"

char *ch_restore_file(const struct vmm_option *option)
{
	CLEANUP_FREE char *url = NULL;
	struct ch_value_part part;
	char *path;

	if (!option->value || ch_value_fault(option->value) ||
	    !ch_value_find(option->value, "source_url", &part) || !part.value)
		return NULL;
	url = ch_value_unquote(part.value, part.value_length);
	if (!url || strncmp(url, URL_OF_FILES, strlen(URL_OF_FILES)) != 0)
		return NULL;
	return asprintf(&path, "%s/config.json", url + strlen(URL_OF_FILES)) < 0 ? NULL : path;
}

/* As in ch_credential.c. The guest of a snapshot may be older than systemd 262, so TDX counts here. */
static bool is_confidential(const cJSON *root)
{
	return cJSON_IsTrue(vmm_json_member(root, "platform", "tdx")) ||
	       cJSON_IsTrue(vmm_json_member(root, "platform", "sev_snp"));
}

/* Looks for the credential that the guest was booted with. */
static enum credential_found find_credential(const cJSON *root, uint32_t *port)
{
	const char *cmdline = cJSON_GetStringValue(vmm_json_member(root, "payload", "cmdline"));
	enum credential_found found = CREDENTIAL_ABSENT;
	const cJSON *string;

	cJSON_ArrayForEach(string, vmm_json_member(root, "platform", "oem_strings"))
	{
		const char *text = cJSON_GetStringValue(string);

		if (text && found == CREDENTIAL_ABSENT && !is_confidential(root))
			found = credential_in_oem_string(text, strlen(text), port);
	}
	return found == CREDENTIAL_ABSENT && cmdline ? credential_in_cmdline(cmdline, port) : found;
}

static int use_credential(const struct vmm_request *request, struct vmm_plan *plan,
                          const cJSON *root, struct failure *failure)
{
	uint32_t port = 0;
	enum credential_found found = find_credential(root, &port);
	int r = vmm_plan_use_credential(request, plan, found, port, "snapshot", failure);

	if (r != 1)
		return r;
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return vmm_plan_advise(plan, "the guest in the snapshot was not told where to report when "
	                             "it booted, so it does not report");
}

static int use_config(const struct vmm_request *request, struct vmm_plan *plan, const cJSON *root,
                      struct failure *failure)
{
	const char *socket = cJSON_GetStringValue(vmm_json_member(root, "vsock", "socket"));
	int r;

	if (!socket || !*socket)
		return failure_set(
			failure, -EINVAL,
			"the VM in the snapshot has no vsock, so its guest cannot report");
	if (request->vsock && strcmp(request->vsock, socket) != 0)
		return vmm_plan_refuse_vsock(request, "the VM in the snapshot has socket ", socket,
		                             failure);
	r = vmm_plan_set_vsock(plan, socket);
	return r < 0 ? r : use_credential(request, plan, root, failure);
}

/* The snapshot's configuration cannot be read, so that the user has to know it. */
static int without_config(const struct vmm_request *request, struct vmm_plan *plan, const char *why,
                          struct failure *failure)
{
	if (!request->vsock)
		return failure_set(
			failure, -EINVAL,
			"a VM that is restored has its vsock socket in its snapshot, but "
			"%s: say where the socket is with --vsock=PATH",
			why);
	return vmm_plan_set_vsock(plan, request->vsock);
}

int ch_plan_restore(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure)
{
	struct vmm_option option;
	cJSON *root;
	int r;

	vmm_option_find(request->arguments, "--restore", &option);
	r = ch_check_value("--restore", &option, failure);
	if (r < 0)
		return r;
	plan->restored = true;
	plan->paused = !ch_is_on(option.value, "resume");
	if (!request->config_text)
		return without_config(request, plan,
		                      request->config_error
		                              ? request->config_error
		                              : "--restore has no source_url=file://FOLDER",
		                      failure);
	root = cJSON_Parse(request->config_text);
	if (!root)
		return without_config(request, plan, "its config.json is not JSON", failure);
	r = use_config(request, plan, root, failure);
	cJSON_Delete(root);
	return r;
}
