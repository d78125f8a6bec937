/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events that cloud-hypervisor writes to its event monitor: a stream of JSON objects such as
 * {"timestamp": {...}, "source": "vm", "event": "booted", "properties": null}. A pure function parses them with cJSON.
 */
#ifndef CH_EVENT_H
#define CH_EVENT_H

#include <stddef.h>

/* The events that say something about the guest's state. */
enum ch_event {
	CH_EVENT_NONE, /* any other event */
	CH_EVENT_REBOOTED,
	CH_EVENT_PAUSED,
	CH_EVENT_RESUMED,
	CH_EVENT_RESTORED,
	CH_EVENT_PANIC
};

/* The longest object that is understood, in bytes. Events have few properties. */
#define CH_EVENT_MAX 4096

/*
 * Parses the first object in bytes. Returns its length and sets *event; returns 0 if the object is not complete yet, or if
 * the bytes are not JSON.
 */
size_t ch_event_next(const char *bytes, size_t length, enum ch_event *event);

#endif
