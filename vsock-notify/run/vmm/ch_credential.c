/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credential on cloud-hypervisor's command line: finds the user's own, in the order in which the guest's systemd looks for it
 * (credential.h), or adds one (see ch_plan.h).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ch_plan.h"
#include "ch_value.h"
#include "credential.h"

/* What the command line says about the guest's credentials. */
struct told {
	enum credential_found found;
	uint32_t port;
	const char *where; /* the option that has the credential */
	bool is_tdx;
	const char *confidential; /* what makes the guest a confidential one; NULL: it is not */
};

bool ch_wants_oem_string(const struct vmm_request *request)
{
	return request->credential == VMM_CREDENTIAL_OEM_STRING ||
	       (request->credential == VMM_CREDENTIAL_AUTO && request->has_smbios);
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

/* The items of a list without the brackets around it, however many, and without blanks at its ends. */
static void list_items(const struct ch_value_part *list, const char **items, size_t *length)
{
	const char *end = list->value + list->value_length;

	*items = list->value + strspn(list->value, "[] \t\n\v\f\r");
	if (*items > end)
		*items = end;
	while (end > *items && strchr("[] \t\n\v\f\r", end[-1]))
		end--;
	*length = (size_t)(end - *items);
}

/* Returns the value of --platform with the credential added to its strings. The caller frees it. NULL: no memory. */
static char *merge_platform(const char *platform, const char *credential)
{
	struct ch_value_part list;
	const char *items;
	size_t length;
	char *merged;
	int n;

	if (!ch_value_find(platform, "oem_strings", &list) || !list.value) {
		n = asprintf(&merged, "%s%soem_strings=[%s]", platform, *platform ? "," : "",
		             credential);
	} else {
		list_items(&list, &items, &length);
		n = asprintf(&merged, "%.*s[%.*s%s%s]%s", (int)(list.value - platform), platform,
		             (int)length, items, length ? "," : "", credential,
		             list.value + list.value_length);
	}
	return n < 0 ? NULL : merged;
}

static int add_oem_string(const struct vmm_request *request, struct vmm_plan *plan,
                          struct failure *failure)
{
	struct vmm_option option;
	CLEANUP_FREE char *credential = NULL;
	CLEANUP_FREE char *merged = NULL;
	bool present = vmm_option_find(request->arguments, "--platform", &option);
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
	return present ? ch_set_value(plan, "--platform", &option, merged)
	               : ch_add_option(plan, "--platform", merged);
}

/*
 * With --firmware alone the VMM ignores --cmdline (PayloadConfig::validate() in vmm/src/vm_config.rs). TDShim, up to version 51,
 * has a kernel beside it, and an IGVM file can ask for the command line.
 */
static bool passes_cmdline(const struct vmm_request *request)
{
	return !vmm_option_is_there(request, "--firmware") ||
	       vmm_option_is_there(request, "--kernel");
}

static int add_to_cmdline(const struct vmm_request *request, struct vmm_plan *plan,
                          struct failure *failure)
{
	struct vmm_option option;
	CLEANUP_FREE char *cmdline = NULL;
	uint32_t port = 0;
	bool present = vmm_option_find(request->arguments, "--cmdline", &option);

	if (!passes_cmdline(request) && request->credential == VMM_CREDENTIAL_AUTO)
		return failure_set(failure, -EINVAL,
		                   "with --firmware the VMM passes no command line on, and this "
		                   "machine has no SMBIOS: tell the guest by other means, with "
		                   "--credential=none");
	if (!passes_cmdline(request))
		return failure_set(failure, -EINVAL,
		                   "--credential=cmdline, but with --firmware the VMM passes no "
		                   "command line on: use --credential=oem-string");
	if (present && !option.value)
		return failure_set(failure, -EINVAL, "the VMM's --cmdline has no value");
	if (asprintf(&cmdline, "%s%s" CREDENTIAL_CMDLINE_PREFIX CREDENTIAL_ADDRESS_FORMAT,
	             present ? option.value : "", present && *option.value ? " " : "",
	             plan->port) < 0) {
		cmdline = NULL;
		return -ENOMEM;
	}
	/* A quote that is not closed would take the credential into its word. */
	if (credential_in_cmdline(cmdline, &port) != CREDENTIAL_USABLE || port != plan->port)
		return failure_set(failure, -EINVAL,
		                   "nothing can be added to the VMM's --cmdline %s: a quote is not "
		                   "closed",
		                   option.value);
	return present ? ch_set_value(plan, "--cmdline", &option, cmdline)
	               : ch_add_option(plan, "--cmdline", cmdline);
}

/*
 * What makes the guest a confidential one, whose systemd takes nothing from SMBIOS. From 262 on it does with TDX, where the
 * firmware measures these strings (src/core/import-creds.c).
 */
static const char *confidential(const struct vmm_request *request, const char *platform)
{
	if (ch_is_on(platform, "tdx"))
		return "--platform tdx=on";
	if (ch_is_on(platform, "sev_snp"))
		return "--platform sev_snp=on";
	return vmm_option_is_there(request, "--host-data") ? "--host-data" : NULL;
}

/* Looks for a credential that the user wrote. */
static int find_credential(const struct vmm_request *request, struct told *told,
                           struct failure *failure)
{
	struct vmm_option option;
	int r;

	*told = (struct told){.found = CREDENTIAL_ABSENT};
	if (vmm_option_find(request->arguments, "--platform", &option)) {
		r = ch_check_value("--platform", &option, failure);
		if (r < 0)
			return r;
		told->where = "--platform";
		told->confidential = confidential(request, option.value);
		told->is_tdx = ch_is_on(option.value, "tdx");
		told->found = credential_in_platform(option.value, &told->port);
	}
	if ((told->found == CREDENTIAL_ABSENT || told->confidential) && passes_cmdline(request) &&
	    vmm_option_find(request->arguments, "--cmdline", &option) && option.value) {
		uint32_t port = 0;
		enum credential_found found = credential_in_cmdline(option.value, &port);

		if (found != CREDENTIAL_ABSENT)
			*told = (struct told){.found = found, .port = port, .where = "--cmdline"};
	}
	return 0;
}

static int add_credential(const struct vmm_request *request, struct vmm_plan *plan,
                          struct failure *failure)
{
	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	return ch_wants_oem_string(request) ? add_oem_string(request, plan, failure)
	                                    : add_to_cmdline(request, plan, failure);
}

/* Warns of a guest that will not take the credential. */
static int check_guest(const struct vmm_request *request, struct vmm_plan *plan,
                       const struct told *told)
{
	struct vmm_option cmdline;
	bool by_smbios = told->found != CREDENTIAL_ABSENT || ch_wants_oem_string(request);

	if (request->credential == VMM_CREDENTIAL_NONE)
		return 0;
	if (passes_cmdline(request) && vmm_option_find(request->arguments, "--cmdline", &cmdline) &&
	    cmdline.value && credential_is_forbidden(cmdline.value))
		return vmm_plan_advise_forbidden(plan, "--cmdline");
	if (!told->confidential || !by_smbios)
		return 0;
	return vmm_plan_advise(
		plan,
		"%s: the systemd of a confidential guest%s takes no credential from SMBIOS, "
		"so the guest does not report: --credential=cmdline tells it, but "
		"changes the launch measurement",
		told->confidential, told->is_tdx ? " before version 262" : "");
}

int ch_complete_credential(const struct vmm_request *request, struct vmm_plan *plan,
                           struct failure *failure)
{
	struct told told;
	int r = find_credential(request, &told, failure);

	if (r < 0)
		return r;
	/* What SMBIOS says does not count for a confidential guest, so --credential=cmdline is in addition to it. */
	if (told.confidential && request->credential == VMM_CREDENTIAL_CMDLINE)
		told.found = CREDENTIAL_ABSENT;
	r = vmm_plan_use_credential(request, plan, told.found, told.port, told.where, failure);
	if (r == 1)
		r = add_credential(request, plan, failure);
	return r < 0 ? r : check_guest(request, plan, &told);
}
