/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipe that cloud-hypervisor writes its events to (--event-monitor fd=N). An older VMM, or one
 * that writes rubbish, costs these events and nothing else.
 */
#ifndef EVENT_MONITOR_H
#define EVENT_MONITOR_H

#include "base/loop.h"
#include "run/vmm/ch_event.h"

struct event_monitor {
	struct loop *loop;
	struct loop_fd source;
	int read_fd;
	int write_fd; /* for the VMM */
	char bytes[CH_EVENT_MAX];
	size_t length;
	void (*event)(struct event_monitor *monitor, enum ch_event event);
};

/* Makes the pipe. event is to be set by the caller. Returns 0 or -errno. */
int event_monitor_init(struct event_monitor *monitor, struct loop *loop);

/* The VMM has its end: closes ours, and watches. Returns 0 or -errno. */
int event_monitor_watch(struct event_monitor *monitor);

void event_monitor_deinit(struct event_monitor *monitor);

#endif
