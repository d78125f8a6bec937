/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events that cloud-hypervisor writes to its event monitor: a stream of JSON objects such as
 * {"timestamp": {...}, "source": "vm", "event": "booted", "properties": null}. A pure function parses them with cJSON.
 */
#ifndef CH_EVENT_H
#define CH_EVENT_H

#include <stddef.h>

#include "include/vsock-notify-plugin.h"

/* An event that says nothing about the guest's state. */
#define CH_EVENT_NONE ((enum vsn_event_type)0)

/* The longest object that is understood, in bytes. Events have few properties. */
#define CH_EVENT_MAX 4096

/*
 * Parses the first object in bytes. Returns its length and sets *event, to CH_EVENT_NONE or an event of the plugin ABI; returns 0 if the object is not complete yet, or if
 * the bytes are not JSON.
 */
size_t ch_event_next(const char *bytes, size_t length, enum vsn_event_type *event);

#endif
