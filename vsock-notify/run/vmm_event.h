/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cloud-hypervisor says on its event monitor: a stream of JSON objects,
 * {"timestamp": {...}, "source": "vm", "event": "booted", "properties": null}. Pure; JSON is cJSON's.
 */
#ifndef VMM_EVENT_H
#define VMM_EVENT_H

#include <stddef.h>

/* Those that say something of the guest's state. */
enum vmm_event {
	VMM_EVENT_NONE, /* of no interest here */
	VMM_EVENT_REBOOTED,
	VMM_EVENT_PAUSED,
	VMM_EVENT_RESUMED,
	VMM_EVENT_RESTORED,
	VMM_EVENT_PANIC
};

/* The longest object that is understood: its events have no more than a few properties. */
#define VMM_EVENT_MAX 4096

/*
 * Takes one object off the front of bytes. Returns how many bytes it took, with *event; 0 where the
 * object is not whole yet, or what is there is no JSON.
 */
size_t vmm_event_next(const char *bytes, size_t length, enum vmm_event *event);

#endif
