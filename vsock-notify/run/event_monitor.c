/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cloud-hypervisor's events from their pipe (see event_monitor.h). */
#include "event_monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

static void drop(struct event_monitor *monitor, size_t n)
{
	monitor->length -= n;
	memmove(monitor->bytes, monitor->bytes + n, monitor->length);
}

/*
 * The first bytes cannot be parsed: they are no JSON, or an object that is not complete yet. Looks for another object behind
 * them: objects begin in the first column, and their members do not. Returns the number of bytes before it, or 0.
 */
static size_t before_next_object(const struct event_monitor *monitor)
{
	static const char beginning[] = "\n{";
	const char *found = memmem(monitor->bytes, monitor->length, beginning, strlen(beginning));

	return found ? (size_t)(found + 1 - monitor->bytes) : 0;
}

/* Calls event for each object that is complete. */
static void hand_on(struct event_monitor *monitor)
{
	enum vsn_event_type event;
	size_t n, skipped;

	while (monitor->length) {
		n = ch_event_next(monitor->bytes, monitor->length, &event);
		skipped = n ? 0 : before_next_object(monitor);
		if (n + skipped == 0)
			break;
		drop(monitor, n + skipped);
		if (n && event != CH_EVENT_NONE)
			monitor->event(monitor, event);
	}
	if (monitor->length == sizeof(monitor->bytes)) {
		log_limited(VSN_LOG_WARNING,
		            "the VMM's event monitor does not write JSON: ignored");
		monitor->length = 0;
	}
}

static void readable(struct loop_fd *source)
{
	struct event_monitor *monitor = container_of(source, struct event_monitor, source);
	ssize_t n = read(monitor->read_fd, monitor->bytes + monitor->length,
	                 sizeof(monitor->bytes) - monitor->length);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		loop_fd_remove(monitor->loop, source);
		return;
	}
	monitor->length += (size_t)n;
	hand_on(monitor);
}

int event_monitor_init(struct event_monitor *monitor, struct loop *loop)
{
	int ends[2];

	*monitor = (struct event_monitor){
		.loop = loop,
		.source.callback = readable,
		.read_fd = -1,
		.write_fd = -1,
	};
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	monitor->read_fd = ends[0];
	monitor->write_fd = ends[1];
	return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

int event_monitor_watch(struct event_monitor *monitor)
{
	close_fd(&monitor->write_fd);
	return loop_fd_add(monitor->loop, &monitor->source, monitor->read_fd, EPOLLIN);
}

void event_monitor_deinit(struct event_monitor *monitor)
{
	loop_fd_remove(monitor->loop, &monitor->source);
	close_fd(&monitor->read_fd);
	close_fd(&monitor->write_fd);
}
