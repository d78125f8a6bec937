/* SPDX-License-Identifier: Apache-2.0 */
/* cloud-hypervisor's events, parsed (see ch_event.h). */
#include "ch_event.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "base/macros.h"

static const struct {
	const char *source;
	const char *event;
	enum vsn_event_type kind;
} known[] = {
	{"vm", "rebooted", VSN_EVENT_VM_REBOOTED}, {"vm", "paused", VSN_EVENT_VM_PAUSED},
	{"vm", "resumed", VSN_EVENT_VM_RESUMED},   {"vm", "restored", VSN_EVENT_VM_RESTORED},
	{"guest", "panic", VSN_EVENT_GUEST_PANIC},
};

static enum vsn_event_type classify(const cJSON *object)
{
	const char *source = cJSON_GetStringValue(cJSON_GetObjectItem(object, "source"));
	const char *event = cJSON_GetStringValue(cJSON_GetObjectItem(object, "event"));

	for (size_t i = 0; source && event && i < ARRAY_SIZE(known); i++)
		if (strcmp(source, known[i].source) == 0 && strcmp(event, known[i].event) == 0)
			return known[i].kind;
	return CH_EVENT_NONE;
}

size_t ch_event_next(const char *bytes, size_t length, enum vsn_event_type *event)
{
	const char *end = NULL;
	cJSON *object = cJSON_ParseWithLengthOpts(bytes, length, &end, 0);

	if (!object)
		return 0;
	*event = classify(object);
	cJSON_Delete(object);
	return (size_t)(end - bytes);
}
