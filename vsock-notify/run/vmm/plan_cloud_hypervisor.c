/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud-hypervisor's command line, read and completed.
 *
 *   --vsock cid=3,socket=PATH            where its vsock socket is; added where it has none
 *   --platform oem_strings=[...]         carries the credential, among the user's own strings
 *   --cmdline "..."                      or this does, where there is no SMBIOS
 *   --event-monitor fd=N                 added, so that reboots, pauses and panics are seen
 *   --api-socket path=PATH               read, for the power button
 *
 * A user's own vmm.notify_socket is left alone and its port followed. A VM that is restored, or made
 * by the API, has its configuration elsewhere: then nothing is added but the event monitor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ch_option.h"
#include "credential.h"
#include "plan_common.h"

#define DEFAULT_CID 3

static bool has_option(const struct vmm_request *request, const char *name)
{
	struct vmm_option option;

	return vmm_option_find(request->arguments, name, &option);
}

/* Whether it starts a VM by itself, or waits for one from its API. */
static bool boots(const struct vmm_request *request)
{
	return has_option(request, "--kernel") || has_option(request, "--firmware") ||
	       has_option(request, "--igvm");
}

bool vmm_plan_wants_socket_cloud_hypervisor(const struct vmm_request *request)
{
	return !request->vsock && !has_option(request, "--vsock") &&
	       !has_option(request, "--restore");
}

/* Writes value in place of the option's, in the spelling that the user chose. */
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

/* Faults in the value of an option that is to be read. */
static int check_value(struct vmm_plan *plan, const char *name, const struct vmm_option *option)
{
	const char *fault;

	if (!option->value)
		return vmm_plan_fail(plan, "the VMM's %s has no value", name);
	fault = ch_option_fault(option->value);
	return fault ? vmm_plan_fail(plan, "the VMM's %s %s: %s", name, option->value, fault) : 0;
}

static int add_vsock(const struct vmm_request *request, struct vmm_plan *plan)
{
	const char *path = request->vsock ? request->vsock : request->default_socket;
	CLEANUP_FREE char *quoted = ch_option_quote(path);
	CLEANUP_FREE char *value = NULL;

	plan->vsock = strdup(path);
	if (!quoted || !plan->vsock ||
	    asprintf(&value, "cid=%u,socket=%s", DEFAULT_CID, quoted) < 0) {
		value = NULL;
		return -ENOMEM;
	}
	return boots(request) ? add_option(plan, "--vsock", value) : 0;
}

/* The socket as it is written: a relative path is relative to the VMM's folder, which is ours. */
static int find_vsock(const struct vmm_request *request, struct vmm_plan *plan)
{
	struct vmm_option option;
	struct ch_option_part socket;
	int r;

	if (!vmm_option_find(request->arguments, "--vsock", &option))
		return add_vsock(request, plan);
	r = check_value(plan, "--vsock", &option);
	if (r < 0)
		return r;
	if (ch_option_find(option.value, "socket", &socket) && socket.value) {
		plan->vsock = ch_option_unquote(socket.value, socket.value_length);
		if (!plan->vsock)
			return -ENOMEM;
	}
	if (!plan->vsock || !*plan->vsock)
		return vmm_plan_fail(plan, "the VMM's --vsock %s names no socket=PATH",
		                     option.value);
	if (request->vsock && strcmp(request->vsock, plan->vsock) != 0)
		return vmm_plan_fail(
			plan,
			"--vsock=%s, but the VMM's own --vsock has socket=%s: leave out "
			"the first",
			request->vsock, plan->vsock);
	return 0;
}

/* What a --platform value says of the credential. */
static enum credential_found credential_in_platform(const char *platform, uint32_t *port)
{
	enum credential_found found = CREDENTIAL_ABSENT;
	struct ch_option_part list;
	const char *item;
	size_t item_length;

	if (!ch_option_find(platform, "oem_strings", &list) || !list.value)
		return CREDENTIAL_ABSENT;
	while (found == CREDENTIAL_ABSENT &&
	       ch_option_list_next(&list.value, &list.value_length, &item, &item_length))
		found = credential_in_oem_string(item, item_length, port);
	return found;
}

/* The --platform value with the credential among its strings. To be freed; NULL: no memory. */
static char *merge_platform(const char *platform, const char *credential)
{
	struct ch_option_part list;
	char *merged;
	int n;

	if (!ch_option_find(platform, "oem_strings", &list) || !list.value) {
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

static int add_oem_string(struct vmm_plan *plan)
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
	/* Brackets and quotes within the user's strings can hide it: "oem_strings=[a]b[c]". */
	if (credential_in_platform(merged, &port) != CREDENTIAL_USABLE || port != plan->port)
		return vmm_plan_fail(plan,
		                     "nothing can be added to the VMM's --platform %s: write "
		                     "oem_strings=[...,%s] yourself",
		                     option.value, credential);
	return present ? set_value(plan, "--platform", &option, merged)
	               : add_option(plan, "--platform", merged);
}

static int add_to_cmdline(const struct vmm_request *request, struct vmm_plan *plan)
{
	struct vmm_option option;
	CLEANUP_FREE char *cmdline = NULL;
	bool present = vmm_option_find(request->arguments, "--cmdline", &option);

	if (!has_option(request, "--kernel") && request->credential == VMM_CREDENTIAL_AUTO)
		return vmm_plan_fail(plan,
		                     "without --kernel the VMM passes no command line on, and this "
		                     "machine has no SMBIOS: tell the guest by other means, with "
		                     "--credential=none");
	if (!has_option(request, "--kernel"))
		return vmm_plan_fail(plan,
		                     "--credential=cmdline, but without --kernel the VMM passes no "
		                     "command line on: use --credential=oem-string");
	if (present && !option.value)
		return vmm_plan_fail(plan, "the VMM's --cmdline has no value");
	if (asprintf(&cmdline, "%s%s" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT,
	             present ? option.value : "", present && *option.value ? " " : "",
	             plan->port) < 0) {
		cmdline = NULL;
		return -ENOMEM;
	}
	return present ? set_value(plan, "--cmdline", &option, cmdline)
	               : add_option(plan, "--cmdline", cmdline);
}

/* The user's own credential, wherever it is; *where is the option that has it. */
static int find_credential(const struct vmm_request *request, struct vmm_plan *plan,
                           enum credential_found *found, uint32_t *port, const char **where)
{
	struct vmm_option option;
	int r;

	*found = CREDENTIAL_ABSENT;
	if (vmm_option_find(request->arguments, "--platform", &option)) {
		r = check_value(plan, "--platform", &option);
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

static int add_credential(const struct vmm_request *request, struct vmm_plan *plan)
{
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return wants_oem_string(request) ? add_oem_string(plan) : add_to_cmdline(request, plan);
}

static int complete_credential(const struct vmm_request *request, struct vmm_plan *plan)
{
	enum credential_found found;
	const char *where = NULL;
	uint32_t port = 0;
	int r = find_credential(request, plan, &found, &port, &where);

	if (r < 0)
		return r;
	r = vmm_plan_take_found(request, plan, found, port, where);
	return r == 1 ? add_credential(request, plan) : r;
}

static int find_api_socket(const struct vmm_request *request, struct vmm_plan *plan)
{
	struct vmm_option option;
	struct ch_option_part part;

	if (!vmm_option_find(request->arguments, "--api-socket", &option))
		return 0;
	if (!option.value)
		return vmm_plan_fail(plan, "the VMM's --api-socket has no value");
	/* What is no list of keys is a path as it stands. */
	if (!ch_option_fault(option.value) && ch_option_find(option.value, "fd", &part))
		return 0;
	if (!ch_option_fault(option.value) && ch_option_find(option.value, "path", &part) &&
	    part.value)
		plan->api_socket = ch_option_unquote(part.value, part.value_length);
	else
		plan->api_socket = strdup(option.value);
	return plan->api_socket ? 0 : -ENOMEM;
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

/* The VM comes from its snapshot, and with it the vsock socket. */
static int plan_restore(const struct vmm_request *request, struct vmm_plan *plan)
{
	plan->restored = true;
	if (!request->vsock)
		return vmm_plan_fail(plan,
		                     "a VM that is restored has its vsock socket in its snapshot: "
		                     "say where it is with --vsock=PATH");
	plan->vsock = strdup(request->vsock);
	return plan->vsock ? 0 : -ENOMEM;
}

static int advise_api_user(const struct vmm_request *request, struct vmm_plan *plan)
{
	static const char vsock[] = "the VMM is driven by its API: put \"vsock\": {\"cid\": %u, "
				    "\"socket\": \"%s\"}%s into vm.create%s";
	CLEANUP_FREE char *platform = NULL;
	CLEANUP_FREE char *cmdline = NULL;

	if (asprintf(&platform,
	             " and \"platform\": {\"oem_strings\": [\"" CREDENTIAL_OEM_PREFIX
	                     CREDENTIAL_ADDRESS_FORMAT "\"]}",
	             plan->port) < 0) {
		platform = NULL;
		return -ENOMEM;
	}
	if (asprintf(&cmdline,
	             ", and " CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT
	             " on its payload's cmdline",
	             plan->port) < 0) {
		cmdline = NULL;
		return -ENOMEM;
	}
	if (request->credential == VMM_CREDENTIAL_NONE)
		return vmm_plan_advise(plan, vsock, DEFAULT_CID, plan->vsock, "", "");
	if (wants_oem_string(request))
		return vmm_plan_advise(plan, vsock, DEFAULT_CID, plan->vsock, platform, "");
	return vmm_plan_advise(plan, vsock, DEFAULT_CID, plan->vsock, "", cmdline);
}

int vmm_plan_cloud_hypervisor(const struct vmm_request *request, struct vmm_plan *plan)
{
	int r = find_api_socket(request, plan);

	if (r < 0)
		return r;
	if (has_option(request, "--restore"))
		r = plan_restore(request, plan);
	else
		r = find_vsock(request, plan);
	if (r == 0 && boots(request))
		r = complete_credential(request, plan);
	else if (r == 0 && !plan->restored)
		r = advise_api_user(request, plan);
	return r < 0 ? r : add_event_monitor(request, plan);
}
