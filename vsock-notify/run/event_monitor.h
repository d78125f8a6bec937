/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipe that cloud-hypervisor writes its events to (--event-monitor fd=N). If the VMM is too old, or does not write JSON,
 * only these events are missing.
 */
#ifndef EVENT_MONITOR_H
#define EVENT_MONITOR_H

#include "base/loop.h"
#include "run/vmm/ch_event.h"

struct event_monitor {
	struct loop *loop;
	struct loop_fd source;
	int read_fd;
	int write_fd; /* the VMM inherits it */
	char bytes[CH_EVENT_MAX];
	size_t length;
	void (*event)(struct event_monitor *monitor, enum vsn_event_type event);
};

/* Makes the pipe. The caller sets event. Returns 0 or a negative errno. */
int event_monitor_init(struct event_monitor *monitor, struct loop *loop);

/* Call this when the VMM has inherited write_fd: closes it here, and reads from then on. Returns 0 or a negative errno. */
int event_monitor_watch(struct event_monitor *monitor);

void event_monitor_deinit(struct event_monitor *monitor);

#endif
