/* SPDX-License-Identifier: Apache-2.0 */
/* cloud-hypervisor's events, parsed (see vmm_event.h). */
#include "vmm_event.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "../shim/util.h"

static const struct {
	const char *source;
	const char *event;
	enum vmm_event kind;
} known[] = {
	{"vm", "rebooted", VMM_EVENT_REBOOTED}, {"vm", "paused", VMM_EVENT_PAUSED},
	{"vm", "resumed", VMM_EVENT_RESUMED},   {"vm", "restored", VMM_EVENT_RESTORED},
	{"guest", "panic", VMM_EVENT_PANIC},
};

static enum vmm_event classify(const cJSON *object)
{
	const char *source = cJSON_GetStringValue(cJSON_GetObjectItem(object, "source"));
	const char *event = cJSON_GetStringValue(cJSON_GetObjectItem(object, "event"));

	for (size_t i = 0; source && event && i < ARRAY_SIZE(known); i++)
		if (strcmp(source, known[i].source) == 0 && strcmp(event, known[i].event) == 0)
			return known[i].kind;
	return VMM_EVENT_NONE;
}

size_t vmm_event_next(const char *bytes, size_t length, enum vmm_event *event)
{
	const char *end = NULL;
	cJSON *object = cJSON_ParseWithLengthOpts(bytes, length, &end, 0);

	if (!object)
		return 0;
	*event = classify(object);
	cJSON_Delete(object);
	return (size_t)(end - bytes);
}
