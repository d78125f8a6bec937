/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cloud-hypervisor says on its event monitor: a stream of JSON objects,
 * {"timestamp": {...}, "source": "vm", "event": "booted", "properties": null}. Pure; JSON is cJSON's.
 */
#ifndef CH_EVENT_H
#define CH_EVENT_H

#include <stddef.h>

/* Those that say something of the guest's state. */
enum ch_event {
	CH_EVENT_NONE, /* of no interest here */
	CH_EVENT_REBOOTED,
	CH_EVENT_PAUSED,
	CH_EVENT_RESUMED,
	CH_EVENT_RESTORED,
	CH_EVENT_PANIC
};

/* The longest object that is understood: its events have no more than a few properties. */
#define CH_EVENT_MAX 4096

/*
 * Takes one object off the front of bytes. Returns how many bytes it took, with *event; 0 where the
 * object is not whole yet, or what is there is no JSON.
 */
size_t ch_event_next(const char *bytes, size_t length, enum ch_event *event);

#endif
