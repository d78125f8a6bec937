/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bridge: puts together everything between the listening socket and the service manager, and takes it apart in order.
 *
 *   listener -> acceptor -> connections -> plugins -> outbox -> $NOTIFY_SOCKET
 *
 * The bridge is the only one that knows all of them. It hands a connection's message to the plugins and has the outbox send
 * what they queued when they have returned. bridge_stop() ends it in these steps, in BRIDGE_STOP_USEC at most:
 *
 *   1. The connections in the listen backlog are accepted, then no more, and what has come is read.
 *   2. Connections that have not sent a byte are closed. The others have until BRIDGE_STOP_CONNECTIONS_USEC to end.
 *   3. The plugins are told that no message will come.
 *   4. The outbox empties, and a last barrier returns: then the service manager has seen everything while the sender lives.
 */
#ifndef BRIDGE_H
#define BRIDGE_H

#include "base/failure.h"
#include "base/loop.h"
#include "bridge_options.h"
#include "confine/confine.h"
#include "guest/acceptor.h"
#include "guest/connection.h"
#include "guest/listener.h"
#include "life_log.h"
#include "manager/outbox.h"
#include "pluginhost/plugin_list.h"
#include "state_keeper.h"

/* From bridge_stop(): until then connections may come to their end, and until then everything must have. */
#define BRIDGE_STOP_CONNECTIONS_USEC UINT64_C(2000000)
#define BRIDGE_STOP_USEC             UINT64_C(5000000)

struct bridge {
	struct loop *loop;
	struct outbox outbox;
	struct plugin_list plugins;
	struct listener listener;
	struct acceptor acceptor;
	struct connections connections;
	struct state_keeper keeper;
	struct life_log events;
	const struct vsn_needs *needs[BRIDGE_PLUGINS_MAX]; /* of the plugins, for confinement */
	unsigned need_count;
	struct loop_timer connections_timer;
	struct loop_timer stop_timer;
	bool stopping;
	/* Called when no message will come any more, before the plugins are told; or NULL. */
	void (*drained)(struct bridge *bridge);
	/* Called with each event; or NULL. */
	void (*observe)(struct bridge *bridge, const struct vsn_event *event);
	/* Called when the bridge has come to its end: 0, or -ETIMEDOUT if something was left behind. Stops the loop. */
	void (*stopped)(struct bridge *bridge, int result);
};

/*
 * Sets up the service manager's address (options, else $NOTIFY_SOCKET, else none) and the plugins. Returns 0, or a negative
 * errno with the reason in *failure; in both cases bridge_deinit() is to be called.
 */
int bridge_init(struct bridge *bridge, struct loop *loop, const struct bridge_options *options,
                struct failure *failure);

/*
 * Listens and accepts, at the inherited socket (if options->activates) or else at VSOCK_PORT. vsock may be NULL only if a
 * socket is inherited.
 * Returns 0, or a negative errno with the reason in *failure.
 */
int bridge_listen(struct bridge *bridge, const struct bridge_options *options, const char *vsock,
                  struct failure *failure);

/* Fills in what confinement has to leave to the bridge. */
void bridge_confinement(const struct bridge *bridge, struct confinement *confinement);

/*
 * Tells the state, the log, observe and the plugins that something has happened to the VM, and sends what the plugins say
 * to it. Not to be called from observe.
 */
void bridge_event(struct bridge *bridge, enum vsn_event_type type, int64_t number);

/* Begins to stop; a second call ends the bridge at once. */
void bridge_stop(struct bridge *bridge);

/* Whether a process may speak for the guest as one of the VMM's. */
bool bridge_trusts(const struct bridge *bridge, pid_t pid);

/* exit_status: of the service, for the state file; -1: it has none. */
void bridge_deinit(struct bridge *bridge, int exit_status);

#endif
