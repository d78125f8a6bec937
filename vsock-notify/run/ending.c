/* SPDX-License-Identifier: Apache-2.0 */
/* What an event of the guest's life means for the VMM (see ending.h). */
#include "ending.h"

#include <string.h>

#include "base/macros.h"

static bool is_way(const struct vsn_event *event, const char *way)
{
	return event->length == strlen(way) && memcmp(event->text, way, event->length) == 0;
}

/* The guest has said its last word if the way is known. */
static enum ending ending_of_way(const struct ending_rule *rule, const struct vsn_event *event)
{
	static const char *const shut_down[] = {"poweroff", "halt", "exit"};

	if (is_way(event, "reboot")) {
		if (rule->asked)
			return ENDING_LINGER;
		return rule->exit_on_reboot ? ENDING_REBOOTS : ENDING_NONE;
	}
	for (size_t i = 0; i < ARRAY_SIZE(shut_down); i++)
		if (is_way(event, shut_down[i]))
			return rule->stays && !rule->asked ? ENDING_NONE : ENDING_LINGER;
	return ENDING_NONE;
}

enum ending ending_of(const struct ending_rule *rule, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_GUEST_STOPPING:
		return ending_of_way(rule, event);
	case VSN_EVENT_VM_REBOOTED:
		return rule->asked || rule->exit_on_reboot ? ENDING_REBOOTED : ENDING_NONE;
	case VSN_EVENT_GUEST_BOOTING:
		return rule->reboots ? ENDING_REBOOTED : ENDING_NONE;
	case VSN_EVENT_GUEST_PANIC:
		return ENDING_PANIC;
	case VSN_EVENT_GUEST_EMERGENCY:
		return rule->fail_on_emergency && !rule->ready ? ENDING_EMERGENCY : ENDING_NONE;
	default:
		return ENDING_NONE;
	}
}
