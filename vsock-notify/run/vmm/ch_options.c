/* SPDX-License-Identifier: Apache-2.0 */
/* cloud-hypervisor's options in a plan: read, changed, added (see ch_plan.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "ch_plan.h"
#include "ch_value.h"

bool ch_boots(const struct vmm_request *request)
{
	return vmm_option_is_there(request, "--kernel") ||
	       vmm_option_is_there(request, "--firmware") || vmm_option_is_there(request, "--igvm");
}

bool ch_is_on(const char *options, const char *key)
{
	struct ch_value_part part;

	if (!ch_value_find(options, key, &part) || !part.value)
		return false;
	return (part.value_length == 2 && strncasecmp(part.value, "on", 2) == 0) ||
	       (part.value_length == 4 && strncasecmp(part.value, "true", 4) == 0);
}

int ch_set_value(struct vmm_plan *plan, const char *name, const struct vmm_option *option,
                 const char *value)
{
	const size_t index = plan->first + option->index;
	CLEANUP_FREE char *joined = NULL;

	if (strncmp(plan->arguments.items[index], name, strlen(name)) != 0)
		return strv_replace(&plan->arguments, index, value);
	if (asprintf(&joined, "%s=%s", name, value) < 0) {
		joined = NULL;
		return -ENOMEM;
	}
	return strv_replace(&plan->arguments, index, joined);
}

int ch_add_option(struct vmm_plan *plan, const char *name, const char *value)
{
	const size_t last = plan->arguments.count - 1;
	int r;

	/* What follows "--" is no option. Nothing may follow it (check_end()), so it is needed for nothing. */
	if (last > plan->first && strcmp(plan->arguments.items[last], "--") == 0)
		r = strv_replace(&plan->arguments, last, name);
	else
		r = strv_append(&plan->arguments, name);
	return r < 0 ? r : strv_append(&plan->arguments, value);
}

int ch_check_value(const char *name, const struct vmm_option *option, struct failure *failure)
{
	const char *fault;

	if (!option->value)
		return failure_set(failure, -EINVAL, "the VMM's %s has no value", name);
	fault = ch_value_fault(option->value);
	return fault ? failure_set(failure, -EINVAL, "the VMM's %s %s: %s", name, option->value,
	                           fault)
	             : 0;
}
