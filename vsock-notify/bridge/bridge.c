/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge, put together and taken apart (theory: bridge.h). */
#include "bridge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/memory.h"

#define NOTIFY_PLUGIN "notify"

static void finish(struct bridge *bridge, int result)
{
	loop_timer_cancel(&bridge->stop_timer);
	bridge->stopped(bridge, result);
}

static void outbox_idle(void *user)
{
	finish(user, 0);
}

static void connections_none_left(struct connections *connections)
{
	struct bridge *bridge = container_of(connections, struct bridge, connections);

	connections->none_left = NULL;
	if (bridge->drained)
		bridge->drained(bridge);
	plugin_list_stop(&bridge->plugins);
	outbox_finish(&bridge->outbox, outbox_idle, bridge);
}

static void stop_time(struct loop_timer *timer, uint64_t now)
{
	struct bridge *bridge = container_of(timer, struct bridge, stop_timer);

	(void)now;
	log_warning("%u connections and %zu bytes of messages left behind: the service manager did "
	            "not take them in %llu s",
	            bridge->connections.count, bridge->outbox.queue.bytes,
	            (unsigned long long)(BRIDGE_STOP_USEC / USEC_PER_SEC));
	finish(bridge, -ETIMEDOUT);
}

static void observe(struct plugin_list *list, const struct vsn_event *event)
{
	struct bridge *bridge = container_of(list, struct bridge, plugins);

	state_keeper_event(&bridge->keeper, event);
	life_log_event(&bridge->events, event);
	if (bridge->observe)
		bridge->observe(bridge, event);
}

static void connection_ended(struct connections *connections, const struct connection_end *end)
{
	state_keeper_connection(&container_of(connections, struct bridge, connections)->keeper,
	                        end);
}

void bridge_event(struct bridge *bridge, enum vsn_event_type type, int64_t number)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = now_usec(),
		.number = number,
	};

	plugin_list_event(&bridge->plugins, &event, NULL);
}

static int init_outbox(struct bridge *bridge, const struct bridge_options *options)
{
	const char *text =
		options->notify_socket ? options->notify_socket : getenv("NOTIFY_SOCKET");
	struct address address;
	const char *reason;
	int r;

	if (!text || !*text) {
		log_info("no $NOTIFY_SOCKET and no --notify-socket: notifications are logged only");
		return outbox_init(&bridge->outbox, bridge->loop, NULL);
	}
	r = address_parse(text, &address, &reason);
	if (r < 0) {
		log_error("%s=%s: %s",
		          options->notify_socket ? "--notify-socket" : "$NOTIFY_SOCKET", text,
		          reason);
		return r;
	}
	r = outbox_init(&bridge->outbox, bridge->loop, &address);
	if (r < 0)
		log_error("no socket for %s: %s", text, strerror(-r));
	return r;
}

/* The options of ours that are keys of the notify plugin's. */
static int set_notify_keys(struct bridge *bridge, const struct bridge_options *options)
{
	struct plugin *notify = plugin_list_find(&bridge->plugins, NOTIFY_PLUGIN);
	int r = 0;

	for (unsigned i = 0; r == 0 && i < options->notify_key_count; i++) {
		const char *key = options->notify_keys[i].key;
		const char *value = options->notify_keys[i].value;

		if (!notify) {
			log_error("--%s=%s: it is the notify plugin's, which is not loaded", key,
			          value);
			return -EINVAL;
		}
		r = plugin_config(notify, key, value);
	}
	return r;
}

/* Adds one plugin; the notify plugin with a key that the user's own keys come after. */
static int add_plugin(struct bridge *bridge, const struct bridge_options *options,
                      const char *specification)
{
	size_t name = strcspn(specification, ",");
	CLEANUP_FREE char *with_key = NULL;

	if (options->track && name == strlen(NOTIFY_PLUGIN) &&
	    strncmp(specification, NOTIFY_PLUGIN, name) == 0) {
		if (asprintf(&with_key, NOTIFY_PLUGIN ",track=on%s", specification + name) < 0) {
			with_key = NULL;
			return -ENOMEM;
		}
		specification = with_key;
	}
	return plugin_list_add(&bridge->plugins, specification, bridge->loop, &bridge->outbox);
}

static int init_plugins(struct bridge *bridge, const struct bridge_options *options)
{
	static const char *const standard[] = {NOTIFY_PLUGIN};
	const char *const *names = options->plugin_count ? options->plugins : standard;
	unsigned count = options->plugin_count ? options->plugin_count : 1;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < count; i++)
		r = add_plugin(bridge, options, names[i]);
	if (r == 0)
		r = set_notify_keys(bridge, options);
	return r < 0 ? r : plugin_list_start(&bridge->plugins);
}

int bridge_init(struct bridge *bridge, struct loop *loop, const struct bridge_options *options)
{
	int r;

	*bridge = (struct bridge){
		.loop = loop,
		.stop_timer.callback = stop_time,
		.listener = {.fd = -1, .lock_fd = -1},
		.acceptor = {.loop = loop, .listen_fd = -1, .spare_fd = -1},
		.keeper.file.folder_fd = -1,
		.plugins.observe = observe,
		.connections =
			{
				.loop = loop,
				.outbox = &bridge->outbox,
				.plugins = &bridge->plugins,
				.waiting = options->waiting,
				.frame_timeout_usec = options->frame_timeout_usec,
				.max = options->max_connections,
				.peer_rule = options->peer_rule,
				.ended = connection_ended,
			},
	};
	r = init_outbox(bridge, options);
	return r < 0 ? r : init_plugins(bridge, options);
}

/* The socket of VSOCK_PORT, as hybrid vsock names it. */
static int listen_at_vsock(struct bridge *bridge, const struct bridge_options *options,
                           const char *vsock)
{
	CLEANUP_FREE char *path = NULL;

	if (!vsock) {
		log_error("no VSOCK given, and $LISTEN_FDS passes no socket: say where the VMM's "
		          "vsock socket is");
		return -EINVAL;
	}
	if (asprintf(&path, "%s_%u", vsock, options->port) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return listener_open(&bridge->listener, path, &options->listener);
}

/* The name that the state has, if there is one; else what it would be. */
static void name_vm(const struct bridge *bridge, const struct bridge_options *options, char *socket)
{
	char name[STATE_NAME_MAX];
	uint32_t port;

	if (bridge->keeper.state) {
		log_name_vm(bridge->keeper.state->name);
		return;
	}
	socket[state_keeper_vsock(socket, &port)] = '\0';
	state_keeper_name(name, socket);
	log_name_vm(options->name ? options->name : name);
}

/* The state is of the socket that is listened at, whoever bound it. */
static int start_keeper(struct bridge *bridge, const struct bridge_options *options)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof(address) - 1;
	int r;

	if (getsockname(bridge->listener.fd, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	r = state_keeper_start(&bridge->keeper, bridge->loop, options, &bridge->outbox,
	                       address.sun_path);
	if (r == 0)
		name_vm(bridge, options, address.sun_path);
	return r;
}

int bridge_listen(struct bridge *bridge, const struct bridge_options *options, const char *vsock)
{
	int r = listener_inherit(&bridge->listener);

	if (r == 0)
		r = listen_at_vsock(bridge, options, vsock);
	if (r < 0)
		return r;
	r = start_keeper(bridge, options);
	if (r < 0)
		return r;
	r = acceptor_start(&bridge->acceptor, bridge->loop, bridge->listener.fd,
	                   &bridge->connections);
	if (r < 0)
		log_error("cannot wait for connections: %s", strerror(-r));
	else
		log_info("listening at %s",
		         bridge->listener.path ? bridge->listener.path : "the passed socket");
	return r;
}

void bridge_confinement(const struct bridge *bridge, struct confinement *confinement)
{
	const struct manager_socket *host = &bridge->outbox.manager;
	bool local = address_is_local(&host->address);

	confinement_init(confinement);
	confinement->plugins = &bridge->plugins;
	confinement->keep_fd = bridge->listener.fd;
	confinement->socket = bridge->listener.path;
	confinement->proc_fd = bridge->connections.peer_rule.proc_fd;
	confinement->connections = bridge->connections.max;
	confinement->state_folder = bridge->keeper.file.folder_fd;
	confinement->journal_fd = journal_fd();
	if (!bridge->outbox.connected)
		return;
	confinement->vsock = !local;
	confinement->abstract = local && host->address.local.sun_path[0] == '\0';
	confinement->connects[0] = local ? host->fd : -1;
}

void bridge_stop(struct bridge *bridge)
{
	if (bridge->stopping) {
		finish(bridge, -ETIMEDOUT);
		return;
	}
	bridge->stopping = true;
	loop_timer_set(bridge->loop, &bridge->stop_timer, now_usec() + BRIDGE_STOP_USEC);
	acceptor_stop(&bridge->acceptor);
	listener_close(&bridge->listener);
	bridge->connections.none_left = connections_none_left;
	if (bridge->connections.count == 0)
		connections_none_left(&bridge->connections);
}

void bridge_deinit(struct bridge *bridge, int exit_status)
{
	state_keeper_finish(&bridge->keeper, exit_status);
	state_keeper_deinit(&bridge->keeper);
	loop_timer_cancel(&bridge->stop_timer);
	loop_fd_remove(bridge->loop, &bridge->acceptor.source);
	loop_timer_cancel(&bridge->acceptor.pause);
	close_fd(&bridge->acceptor.spare_fd);
	connections_close_all(&bridge->connections);
	listener_close(&bridge->listener);
	plugin_list_unload(&bridge->plugins);
	outbox_deinit(&bridge->outbox);
	log_finish();
}
