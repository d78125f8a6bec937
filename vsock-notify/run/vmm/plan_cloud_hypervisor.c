/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan for cloud-hypervisor: reads its command line and adds what is missing.
 *
 *   --vsock cid=3,socket=PATH            tells where its vsock socket is; added if it is not there
 *   --platform oem_strings=[...]         the credential is added to the user's own strings
 *   --cmdline "..."                      the credential is added here if the machine has no SMBIOS
 *   --event-monitor fd=N                 added, to see reboots, pauses and panics
 *   --api-socket path=PATH               read, for the power button
 *   --no-shutdown                        read: the VMM stays when the guest has powered off
 *   --restore source_url=file://FOLDER   read: socket and port are in the snapshot
 *
 * If the user wrote a vmm.notify_socket, it stays, and its port is used. The configuration of a VM that is restored, or
 * created by the API, is not on the command line: then only the event monitor is added.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ch_plan.h"
#include "ch_value.h"
#include "credential.h"

static bool restores(const struct vmm_request *request)
{
	return vmm_option_is_there(request, "--restore") && !ch_boots(request);
}

bool vmm_wants_socket_cloud_hypervisor(const struct vmm_request *request)
{
	return !request->vsock && !vmm_option_is_there(request, "--vsock") && !restores(request);
}

static int add_vsock(const struct vmm_request *request, struct vmm_plan *plan)
{
	const char *path = request->vsock ? request->vsock : request->default_socket;
	CLEANUP_FREE char *quoted = ch_value_quote(path);
	CLEANUP_FREE char *value = NULL;
	int r = vmm_plan_set_vsock(plan, path);

	if (r < 0)
		return r;
	if (!quoted || asprintf(&value, "cid=%u,socket=%s", CH_DEFAULT_CID, quoted) < 0) {
		value = NULL;
		return -ENOMEM;
	}
	return ch_boots(request) ? ch_add_option(plan, "--vsock", value) : 0;
}

/* A relative path of the socket needs no change: the VMM has the same working directory as this program. */
static int find_vsock(const struct vmm_request *request, struct vmm_plan *plan,
                      struct failure *failure)
{
	struct vmm_option option;
	struct ch_value_part socket;
	int r;

	if (!vmm_option_find(request->arguments, "--vsock", &option))
		return add_vsock(request, plan);
	r = ch_check_value("--vsock", &option, failure);
	if (r < 0)
		return r;
	if (ch_value_find(option.value, "socket", &socket) && socket.value) {
		plan->vsock = ch_value_unquote(socket.value, socket.value_length);
		if (!plan->vsock)
			return -ENOMEM;
	}
	if (!plan->vsock || !*plan->vsock)
		return failure_set(failure, -EINVAL, "the VMM's --vsock %s names no socket=PATH",
		                   option.value);
	if (request->vsock && strcmp(request->vsock, plan->vsock) != 0)
		return vmm_plan_refuse_vsock(
			request, "the VMM's own --vsock has socket=", plan->vsock, failure);
	return 0;
}

static bool is_key(const struct ch_value_part *part, const char *key)
{
	return part->key_length == strlen(key) && memcmp(part->key, key, part->key_length) == 0;
}

/*
 * The path in the value of --api-socket: NULL if it is a descriptor. A value that is not a list of keys is the path itself. The
 * VMM reads the list up to the first key that it does not know, and ignores that error (parse_api_socket() in main.rs).
 */
static int api_socket_path(const char *value, char **path)
{
	struct ch_value_part part, fd = {0}, file = {0};
	const char *cursor = ch_value_fault(value) ? NULL : value;

	while (ch_value_next(&cursor, &part) && part.value) {
		if (is_key(&part, "fd"))
			fd = part;
		else if (is_key(&part, "path"))
			file = part;
		else
			break;
	}
	*path = NULL;
	if (fd.value_length > 0)
		return 0;
	*path = file.value_length > 0 ? ch_value_unquote(file.value, file.value_length)
	                              : strdup(value);
	return *path ? 0 : -ENOMEM;
}

static int find_api_socket(const struct vmm_request *request, struct vmm_plan *plan,
                           struct failure *failure)
{
	CLEANUP_FREE char *path = NULL;
	struct vmm_option option;
	int r;

	if (!vmm_option_find(request->arguments, "--api-socket", &option))
		return 0;
	if (!option.value)
		return failure_set(failure, -EINVAL, "the VMM's --api-socket has no value");
	r = api_socket_path(option.value, &path);
	if (r < 0 || !path)
		return r;
	return vmm_plan_set_api(plan, VMM_API_CLOUD_HYPERVISOR, path);
}

static int add_event_monitor(const struct vmm_request *request, struct vmm_plan *plan)
{
	char value[32];
	int r;

	if (request->event_fd < 0 || vmm_option_is_there(request, "--event-monitor"))
		return 0;
	snprintf(value, sizeof(value), "fd=%d", request->event_fd);
	r = ch_add_option(plan, "--event-monitor", value);
	plan->event_monitor = r == 0;
	return r;
}

#define ADVICE "the VMM is driven by its API: put \"vsock\": {\"cid\": %u, \"socket\": \"%s\"}"

static int advise_api_user(const struct vmm_request *request, struct vmm_plan *plan)
{
	if (request->credential == VMM_CREDENTIAL_NONE)
		return vmm_plan_advise(plan, ADVICE " into vm.create", CH_DEFAULT_CID, plan->vsock);
	if (ch_wants_oem_string(request))
		return vmm_plan_advise(
			plan,
			ADVICE " and \"platform\": {\"oem_strings\": [\"" CREDENTIAL_OEM_PREFIX
				CREDENTIAL_ADDRESS_FORMAT "\"]} into vm.create",
			CH_DEFAULT_CID, plan->vsock, plan->port);
	return vmm_plan_advise(
		plan,
		ADVICE " into vm.create, and " CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
		       " on its payload's cmdline",
		CH_DEFAULT_CID, plan->vsock, plan->port);
}

/* Finds the vsock socket, and sees to it that the guest is told to report there. */
static int plan_vm(const struct vmm_request *request, struct vmm_plan *plan,
                   struct failure *failure)
{
	int r;

	if (restores(request))
		return ch_plan_restore(request, plan, failure);
	r = find_vsock(request, plan, failure);
	if (r < 0)
		return r;
	return ch_boots(request) ? ch_complete_credential(request, plan, failure)
	                         : advise_api_user(request, plan);
}

/* "--" ends the options, and the VMM has no operands. */
static int check_end(const struct vmm_request *request, struct failure *failure)
{
	const char *const *word = request->arguments + 1;

	while (*word && strcmp(*word, "--") != 0)
		word++;
	if (!*word || !word[1])
		return 0;
	return failure_set(failure, -EINVAL,
	                   "the VMM takes no words behind \"--\", but there is %s", word[1]);
}

int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan,
                              struct failure *failure)
{
	int r = check_end(request, failure);

	if (r < 0)
		return r;
	r = find_api_socket(request, plan, failure);
	if (r < 0)
		return r;
	plan->stays = vmm_option_is_there(request, "--no-shutdown");
	r = plan_vm(request, plan, failure);
	if (r < 0)
		return r;
	return add_event_monitor(request, plan);
}

char *vmm_file_cloud_hypervisor(const struct vmm_request *request)
{
	struct vmm_option option;

	if (!restores(request) || !vmm_option_find(request->arguments, "--restore", &option))
		return NULL;
	return ch_restore_file(&option);
}
