/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan for cloud-hypervisor: reads its command line and adds what is missing.
 *
 *   --vsock cid=3,socket=PATH            tells where its vsock socket is; added if it is not there
 *   --platform oem_strings=[...]         the credential is added to the user's own strings
 *   --cmdline "..."                      the credential is added here if the machine has no SMBIOS
 *   --event-monitor fd=N                 added, to see reboots, pauses and panics
 *   --api-socket path=PATH               read, for the power button
 *
 * If the user wrote a vmm.notify_socket, it stays, and its port is used. The configuration of a VM that is restored, or
 * created by the API, is not on the command line: then only the event monitor is added.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ch_value.h"
#include "credential.h"
#include "plan_common.h"

#define DEFAULT_CID 3

static bool has_option(const struct vmm_request *request, const char *name)
{
	struct vmm_option option;

	return vmm_option_find(request->arguments, name, &option);
}

/* Whether the command line starts a VM. If not, the VMM waits for one from its API. */
static bool boots(const struct vmm_request *request)
{
	return has_option(request, "--kernel") || has_option(request, "--firmware") ||
	       has_option(request, "--igvm");
}

bool vmm_plan_wants_socket(const struct vmm_request *request)
{
	return request->kind == VMM_CLOUD_HYPERVISOR && !request->vsock &&
	       !has_option(request, "--vsock") && !has_option(request, "--restore");
}

/* Replaces the option's value, in the spelling that the user chose. */
static int set_value(struct vmm_plan *plan, const char *name, const struct vmm_option *option,
                     const char *value)
{
	CLEANUP_FREE char *joined = NULL;

	if (strncmp(plan->arguments.items[option->index], name, strlen(name)) != 0)
		return strv_replace(&plan->arguments, option->index, value);
	if (asprintf(&joined, "%s=%s", name, value) < 0) {
		joined = NULL;
		return -ENOMEM;
	}
	return strv_replace(&plan->arguments, option->index, joined);
}

static int add_option(struct vmm_plan *plan, const char *name, const char *value)
{
	int r = strv_append(&plan->arguments, name);

	return r < 0 ? r : strv_append(&plan->arguments, value);
}

/* Refuses an option without a value, or with a value that cannot be parsed. */
static int check_value(const char *name, const struct vmm_option *option, struct failure *failure)
{
	const char *fault;

	if (!option->value)
		return failure_set(failure, -EINVAL, "the VMM's %s has no value", name);
	fault = ch_value_fault(option->value);
	return fault ? failure_set(failure, -EINVAL, "the VMM's %s %s: %s", name, option->value,
	                           fault)
	             : 0;
}

static int add_vsock(const struct vmm_request *request, struct vmm_plan *plan)
{
	const char *path = request->vsock ? request->vsock : request->default_socket;
	CLEANUP_FREE char *quoted = ch_value_quote(path);
	CLEANUP_FREE char *value = NULL;

	plan->vsock = strdup(path);
	if (!quoted || !plan->vsock ||
	    asprintf(&value, "cid=%u,socket=%s", DEFAULT_CID, quoted) < 0) {
		value = NULL;
		return -ENOMEM;
	}
	return boots(request) ? add_option(plan, "--vsock", value) : 0;
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
	r = check_value("--vsock", &option, failure);
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
		return failure_set(failure, -EINVAL,
		                   "--vsock=%s, but the VMM's own --vsock has socket=%s: leave out "
		                   "the first",
		                   request->vsock, plan->vsock);
	return 0;
}

/* Looks for the credential in the value of --platform. */
static enum credential_found credential_in_platform(const char *platform, uint32_t *port)
{
	enum credential_found found = CREDENTIAL_ABSENT;
	struct ch_value_part list;
	const char *item;
	size_t item_length;

	if (!ch_value_find(platform, "oem_strings", &list) || !list.value)
		return CREDENTIAL_ABSENT;
	while (found == CREDENTIAL_ABSENT &&
	       ch_value_list_next(&list.value, &list.value_length, &item, &item_length))
		found = credential_in_oem_string(item, item_length, port);
	return found;
}

/* Returns the value of --platform with the credential added to its strings. The caller frees it. NULL: no memory. */
static char *merge_platform(const char *platform, const char *credential)
{
	struct ch_value_part list;
	char *merged;
	int n;

	if (!ch_value_find(platform, "oem_strings", &list) || !list.value) {
		n = asprintf(&merged, "%s%soem_strings=[%s]", platform, *platform ? "," : "",
		             credential);
	} else {
		const char *after = list.value + list.value_length;
		int before = (int)(list.value - platform);
		bool bracketed = list.value_length >= 2 && list.value[0] == '[' && after[-1] == ']';
		int items = (int)list.value_length - (bracketed ? 2 : 0);

		n = asprintf(&merged, "%.*s[%.*s%s%s]%s", before, platform, items,
		             list.value + (bracketed ? 1 : 0), items ? "," : "", credential, after);
	}
	return n < 0 ? NULL : merged;
}

static int add_oem_string(struct vmm_plan *plan, struct failure *failure)
{
	struct vmm_option option;
	CLEANUP_FREE char *credential = NULL;
	CLEANUP_FREE char *merged = NULL;
	bool present =
		vmm_option_find((const char *const *)plan->arguments.items, "--platform", &option);
	uint32_t port = 0;

	if (asprintf(&credential, CREDENTIAL_OEM_PREFIX CREDENTIAL_ADDRESS_FORMAT, plan->port) <
	    0) {
		credential = NULL;
		return -ENOMEM;
	}
	merged = merge_platform(present ? option.value : "", credential);
	if (!merged)
		return -ENOMEM;
	/* Brackets and quotes in the user's strings can hide the credential, as in "oem_strings=[a]b[c]". */
	if (credential_in_platform(merged, &port) != CREDENTIAL_USABLE || port != plan->port)
		return failure_set(failure, -EINVAL,
		                   "nothing can be added to the VMM's --platform %s: write "
		                   "oem_strings=[...,%s] yourself",
		                   option.value, credential);
	return present ? set_value(plan, "--platform", &option, merged)
	               : add_option(plan, "--platform", merged);
}

static int add_to_cmdline(const struct vmm_request *request, struct vmm_plan *plan,
                          struct failure *failure)
{
	struct vmm_option option;
	CLEANUP_FREE char *cmdline = NULL;
	bool present = vmm_option_find(request->arguments, "--cmdline", &option);

	if (!has_option(request, "--kernel") && request->credential == VMM_CREDENTIAL_AUTO)
		return failure_set(failure, -EINVAL,
		                   "without --kernel the VMM passes no command line on, and this "
		                   "machine has no SMBIOS: tell the guest by other means, with "
		                   "--credential=none");
	if (!has_option(request, "--kernel"))
		return failure_set(failure, -EINVAL,
		                   "--credential=cmdline, but without --kernel the VMM passes no "
		                   "command line on: use --credential=oem-string");
	if (present && !option.value)
		return failure_set(failure, -EINVAL, "the VMM's --cmdline has no value");
	if (asprintf(&cmdline, "%s%s" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT,
	             present ? option.value : "", present && *option.value ? " " : "",
	             plan->port) < 0) {
		cmdline = NULL;
		return -ENOMEM;
	}
	return present ? set_value(plan, "--cmdline", &option, cmdline)
	               : add_option(plan, "--cmdline", cmdline);
}

/* Looks for a credential that the user wrote; *where becomes the option that has it. */
static int find_credential(const struct vmm_request *request, enum credential_found *found,
                           uint32_t *port, const char **where, struct failure *failure)
{
	struct vmm_option option;
	int r;

	*found = CREDENTIAL_ABSENT;
	if (vmm_option_find(request->arguments, "--platform", &option)) {
		r = check_value("--platform", &option, failure);
		if (r < 0)
			return r;
		*where = "--platform";
		*found = credential_in_platform(option.value, port);
	}
	if (*found == CREDENTIAL_ABSENT &&
	    vmm_option_find(request->arguments, "--cmdline", &option) && option.value) {
		*where = "--cmdline";
		*found = credential_in_cmdline(option.value, port);
	}
	return 0;
}

static bool wants_oem_string(const struct vmm_request *request)
{
	return request->credential == VMM_CREDENTIAL_OEM_STRING ||
	       (request->credential == VMM_CREDENTIAL_AUTO && request->has_smbios);
}

static int add_credential(const struct vmm_request *request, struct vmm_plan *plan,
                          struct failure *failure)
{
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return wants_oem_string(request) ? add_oem_string(plan, failure)
	                                 : add_to_cmdline(request, plan, failure);
}

static int complete_credential(const struct vmm_request *request, struct vmm_plan *plan,
                               struct failure *failure)
{
	enum credential_found found;
	const char *where = NULL;
	uint32_t port = 0;
	int r = find_credential(request, &found, &port, &where, failure);

	if (r < 0)
		return r;
	r = vmm_plan_use_credential(request, plan, found, port, where, failure);
	return r == 1 ? add_credential(request, plan, failure) : r;
}

static int find_api_socket(const struct vmm_request *request, struct vmm_plan *plan,
                           struct failure *failure)
{
	struct vmm_option option;
	struct ch_value_part part;

	if (!vmm_option_find(request->arguments, "--api-socket", &option))
		return 0;
	if (!option.value)
		return failure_set(failure, -EINVAL, "the VMM's --api-socket has no value");
	/* A value that is not a list of keys is the path itself. */
	if (!ch_value_fault(option.value) && ch_value_find(option.value, "fd", &part))
		return 0;
	if (!ch_value_fault(option.value) && ch_value_find(option.value, "path", &part) &&
	    part.value)
		plan->api_socket = ch_value_unquote(part.value, part.value_length);
	else
		plan->api_socket = strdup(option.value);
	if (!plan->api_socket)
		return -ENOMEM;
	plan->api = VMM_API_CLOUD_HYPERVISOR;
	return 0;
}

static int add_event_monitor(const struct vmm_request *request, struct vmm_plan *plan)
{
	char value[32];
	int r;

	if (request->event_fd < 0 || has_option(request, "--event-monitor"))
		return 0;
	snprintf(value, sizeof(value), "fd=%d", request->event_fd);
	r = add_option(plan, "--event-monitor", value);
	plan->event_monitor = r == 0;
	return r;
}

/* The path of the vsock socket is in the snapshot that the VM is restored from. */
static int plan_restore(const struct vmm_request *request, struct vmm_plan *plan,
                        struct failure *failure)
{
	plan->restored = true;
	if (!request->vsock)
		return failure_set(failure, -EINVAL,
		                   "a VM that is restored has its vsock socket in its snapshot: "
		                   "say where it is with --vsock=PATH");
	plan->vsock = strdup(request->vsock);
	return plan->vsock ? 0 : -ENOMEM;
}

#define ADVICE "the VMM is driven by its API: put \"vsock\": {\"cid\": %u, \"socket\": \"%s\"}"

static int advise_api_user(const struct vmm_request *request, struct vmm_plan *plan)
{
	if (request->credential == VMM_CREDENTIAL_NONE)
		return vmm_plan_advise(plan, ADVICE " into vm.create", DEFAULT_CID, plan->vsock);
	if (wants_oem_string(request))
		return vmm_plan_advise(
			plan,
			ADVICE " and \"platform\": {\"oem_strings\": [\"" CREDENTIAL_OEM_PREFIX
				CREDENTIAL_ADDRESS_FORMAT "\"]} into vm.create",
			DEFAULT_CID, plan->vsock, plan->port);
	return vmm_plan_advise(
		plan,
		ADVICE " into vm.create, and " CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
		       " on its payload's cmdline",
		DEFAULT_CID, plan->vsock, plan->port);
}

/* Finds the vsock socket, and sees to it that the guest is told to report there. */
static int plan_vm(const struct vmm_request *request, struct vmm_plan *plan,
                   struct failure *failure)
{
	bool restores = has_option(request, "--restore");
	int r = restores ? plan_restore(request, plan, failure)
	                 : find_vsock(request, plan, failure);

	if (r < 0)
		return r;
	if (boots(request))
		return complete_credential(request, plan, failure);
	return restores ? 0 : advise_api_user(request, plan);
}

int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan,
                              struct failure *failure)
{
	int r = find_api_socket(request, plan, failure);

	if (r < 0)
		return r;
	r = plan_vm(request, plan, failure);
	if (r < 0)
		return r;
	return add_event_monitor(request, plan);
}
