/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge, stopped in order (its steps: bridge.h). */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "bridge.h"
#include "guest/admission.h"

static void finish(struct bridge *bridge, int result)
{
	loop_timer_cancel(&bridge->connections_timer);
	loop_timer_cancel(&bridge->stop_timer);
	bridge->stopped(bridge, result);
}

static void outbox_idle(void *user)
{
	finish(user, 0);
}

/* No message will come any more. */
static void drain(struct bridge *bridge)
{
	loop_timer_cancel(&bridge->connections_timer);
	bridge->connections.none_left = NULL;
	if (bridge->drained)
		bridge->drained(bridge);
	plugin_list_stop(&bridge->plugins);
	outbox_finish(&bridge->outbox, outbox_idle, bridge);
}

static void none_left(struct connections *connections)
{
	drain(container_of(connections, struct bridge, connections));
}

/* Connections whose message is queued stay: they wait for the service manager, and the guest is not at fault. */
static void connections_time(struct loop_timer *timer, uint64_t now)
{
	struct bridge *bridge = container_of(timer, struct bridge, connections_timer);
	unsigned count;

	(void)now;
	bridge->connections.none_left = NULL;
	count = connections_close_unended(&bridge->connections);
	if (count > 0)
		log_warning("the guest has not ended %u connection%s in %llu s: closed, what came "
		            "on %s is discarded",
		            count, count == 1 ? "" : "s",
		            (unsigned long long)(BRIDGE_STOP_CONNECTIONS_USEC / USEC_PER_SEC),
		            count == 1 ? "it" : "them");
	drain(bridge);
}

static void stop_time(struct loop_timer *timer, uint64_t now)
{
	struct bridge *bridge = container_of(timer, struct bridge, stop_timer);
	unsigned long long seconds = BRIDGE_STOP_USEC / USEC_PER_SEC;
	struct send_queue_text left = send_queue_text(&bridge->outbox.queue);

	(void)now;
	if (left.messages > 0)
		log_warning(
			"%zu bytes of %zu message%s left behind: the service manager did not take "
			"them in %llu s",
			left.bytes, left.messages, left.messages == 1 ? "" : "s", seconds);
	else if (outbox_is_busy(&bridge->outbox))
		log_warning("the service manager did not answer the last barrier in %llu s: it may "
		            "ignore the last messages",
		            seconds);
	finish(bridge, -ETIMEDOUT);
}

/* Everything that had connected, and what it had sent, has been read. */
static void acceptor_stopped(struct acceptor *acceptor)
{
	struct bridge *bridge = container_of(acceptor, struct bridge, acceptor);

	listener_close(&bridge->listener);
	connections_close_silent(&bridge->connections);
	if (bridge->connections.count == 0)
		drain(bridge);
	else
		bridge->connections.none_left = none_left;
}

void bridge_stop(struct bridge *bridge)
{
	uint64_t now = now_usec();

	if (bridge->stopping) {
		finish(bridge, -ETIMEDOUT);
		return;
	}
	bridge->stopping = true;
	bridge->connections_timer.callback = connections_time;
	bridge->stop_timer.callback = stop_time;
	loop_timer_set(bridge->loop, &bridge->connections_timer,
	               now + BRIDGE_STOP_CONNECTIONS_USEC);
	loop_timer_set(bridge->loop, &bridge->stop_timer, now + BRIDGE_STOP_USEC);
	acceptor_stop(&bridge->acceptor, acceptor_stopped);
}
