/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bridge: everything between the listening socket and the service manager, put together and
 * taken apart in order.
 *
 *   listener -> acceptor -> connections -> plugins -> outbox -> $NOTIFY_SOCKET
 *
 * It ends in three steps, bounded by BRIDGE_STOP_USEC in all: no connection is accepted any more,
 * those under way come to their end; the plugins are told that no message will come; the outbox
 * empties and has a last barrier come back, so that the service manager has seen it all while the
 * sender still lives.
 */
#ifndef BRIDGE_H
#define BRIDGE_H

#include "base/loop.h"
#include "bridge_options.h"
#include "confine/confine.h"
#include "guest/acceptor.h"
#include "guest/connection.h"
#include "guest/listener.h"
#include "life_log.h"
#include "manager/outbox.h"
#include "pluginhost/plugin.h"
#include "state_keeper.h"

#define BRIDGE_STOP_USEC UINT64_C(5000000)

struct bridge {
	struct loop *loop;
	struct outbox outbox;
	struct plugin_list plugins;
	struct listener listener;
	struct acceptor acceptor;
	struct connections connections;
	struct state_keeper keeper;
	struct life_log events;
	struct loop_timer stop_timer;
	bool stopping;
	/* Called when no message will come any more, before the plugins are told; or NULL. */
	void (*drained)(struct bridge *bridge);
	/* Told of each event; NULL: nobody. */
	void (*observe)(struct bridge *bridge, const struct vsn_event *event);
	/* The bridge has come to its end: 0, or -ETIMEDOUT where something was left behind. */
	void (*stopped)(struct bridge *bridge, int result);
};

/*
 * Sets everything up but the listening socket: the service manager's address (options, else
 * $NOTIFY_SOCKET, else none) and the plugins. Returns 0 or -errno after an error line; either way
 * bridge_deinit() is to be called. stopped is to be set by the caller afterwards.
 */
int bridge_init(struct bridge *bridge, struct loop *loop, const struct bridge_options *options);

/*
 * Listens and accepts, at the inherited socket or else at VSOCK_PORT (vsock may be NULL only with an
 * inherited one). Returns 0 or -errno after an error line.
 */
int bridge_listen(struct bridge *bridge, const struct bridge_options *options, const char *vsock);

/* What confinement is to leave to the bridge. */
void bridge_confinement(const struct bridge *bridge, struct confinement *confinement);

/* Tells the plugins and everybody else that something has happened to the VM. */
void bridge_event(struct bridge *bridge, enum vsn_event_type type, int64_t number);

/* Begins the end; a second call ends it at once. */
void bridge_stop(struct bridge *bridge);

/* exit_status: of the service, for its state; -1: it has none. */
void bridge_deinit(struct bridge *bridge, int exit_status);

#endif
