/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge, put together and taken apart (theory: bridge.h). */
#include "bridge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/memory.h"
#include "guest/activation.h"
#include "guest/admission.h"
#include "pluginhost/plugin_config.h"
#include "take_up.h"
#include "vm_name.h"

#define NOTIFY_PLUGIN "notify"

static struct bridge *bridge_of(struct connections *connections)
{
	return container_of(connections, struct bridge, connections);
}

static enum vsn_verdict peek(struct connections *connections, const char *text, size_t length)
{
	return plugin_list_peek(&bridge_of(connections)->plugins, text, length);
}

static void deliver_message(struct connections *connections, struct delivery *delivery)
{
	struct bridge *bridge = bridge_of(connections);

	plugin_list_message(&bridge->plugins, delivery);
	outbox_flush(&bridge->outbox);
}

static void cancel(struct connections *connections, struct hold *hold)
{
	outbox_cancel(&bridge_of(connections)->outbox, hold);
}

/* Only "serve" tells: "run" has started the VMM itself and knows its process. */
static void process_changed(struct connections *connections, int64_t pid)
{
	if (!connections->peer_rule.vmm)
		bridge_event(bridge_of(connections), VSN_EVENT_VM_PROCESS, pid);
}

static void plugin_returned(struct plugin_list *list)
{
	outbox_flush(&container_of(list, struct bridge, plugins)->outbox);
}

static void stop_loop(struct bridge *bridge, int result)
{
	(void)result;
	loop_stop(bridge->loop);
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
	state_keeper_connection(&bridge_of(connections)->keeper, end);
}

static void message_lost(struct connections *connections)
{
	bridge_event(bridge_of(connections), VSN_EVENT_GUEST_LOST, 0);
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
	outbox_flush(&bridge->outbox);
}

static int init_outbox(struct bridge *bridge, const struct bridge_options *options,
                       struct failure *failure)
{
	const char *text =
		options->notify_socket ? options->notify_socket : getenv("NOTIFY_SOCKET");
	const char *source = options->notify_socket ? "--notify-socket" : "$NOTIFY_SOCKET";
	struct address address;
	const char *reason;
	int r;

	if (!text || !*text) {
		log_info("no $NOTIFY_SOCKET and no --notify-socket: notifications are logged only");
		return outbox_init(&bridge->outbox, bridge->loop, NULL);
	}
	r = address_parse(text, &address, &reason);
	if (r < 0)
		return failure_set(failure, r, "%s=%s: %s", source, text, reason);
	reason = manager_socket_obstacle(&address);
	if (reason)
		return failure_set(failure, -EINVAL,
		                   "%s=%s: %s: name the datagram socket of a service manager, or "
		                   "leave it out",
		                   source, text, reason);
	r = outbox_init(&bridge->outbox, bridge->loop, &address);
	if (r < 0)
		return failure_set(failure, r, "no socket for %s: %s", text, strerror(-r));
	return 0;
}

/* Our options that are keys of the notify plugin. */
static int set_notify_keys(struct bridge *bridge, const struct bridge_options *options,
                           struct failure *failure)
{
	struct plugin *notify = plugin_list_find(&bridge->plugins, NOTIFY_PLUGIN);

	for (unsigned i = 0; i < options->notify_key_count; i++) {
		const char *key = options->notify_keys[i].key;
		const char *value = options->notify_keys[i].value;
		int r;

		if (!notify)
			return failure_set(
				failure, -EINVAL,
				"--%s=%s: it is the notify plugin's, which is not loaded", key,
				value);
		r = plugin_config(notify, key, value, failure);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Adds one plugin; the notify plugin with keys that come before the user's own keys. */
static int add_plugin(struct bridge *bridge, const struct bridge_options *options,
                      const char *specification, struct failure *failure)
{
	size_t name = strcspn(specification, ",");
	CLEANUP_FREE char *with_key = NULL;

	if (options->track && name == strlen(NOTIFY_PLUGIN) &&
	    strncmp(specification, NOTIFY_PLUGIN, name) == 0) {
		if (asprintf(&with_key, NOTIFY_PLUGIN ",track=on%s%s",
		             options->no_stopping ? ",deny=STOPPING" : "",
		             specification + name) < 0) {
			with_key = NULL;
			return -ENOMEM;
		}
		specification = with_key;
	}
	return plugin_list_add(&bridge->plugins, specification, bridge->loop, &bridge->outbox,
	                       failure);
}

static int init_plugins(struct bridge *bridge, const struct bridge_options *options,
                        struct failure *failure)
{
	static const char *const standard[] = {NOTIFY_PLUGIN};
	const char *const *names = options->plugin_count ? options->plugins : standard;
	unsigned count = options->plugin_count ? options->plugin_count : 1;
	int r;

	for (unsigned i = 0; i < count; i++) {
		r = add_plugin(bridge, options, names[i], failure);
		if (r < 0)
			return r;
	}
	r = set_notify_keys(bridge, options, failure);
	if (r < 0)
		return r;
	r = plugin_list_start(&bridge->plugins, failure);
	if (r < 0)
		return r;
	outbox_flush(&bridge->outbox);
	bridge->need_count = plugin_list_needs(&bridge->plugins, bridge->needs, BRIDGE_PLUGINS_MAX);
	return 0;
}

int bridge_init(struct bridge *bridge, struct loop *loop, const struct bridge_options *options,
                struct failure *failure)
{
	int r = bridge_options_check(options, failure);

	*bridge = (struct bridge){
		.loop = loop,
		.stopped = stop_loop,
		.listener = {.fd = -1, .lock_fd = -1},
		.acceptor = {.loop = loop, .listen_fd = -1, .spare_fd = -1},
		.keeper.file.folder_fd = -1,
		.plugins = {.observe = observe, .returned = plugin_returned},
		.connections =
			{
				.loop = loop,
				.waiting = options->waiting,
				.answer = (enum answer_mode)options->answer,
				.frame_timeout_usec = options->frame_timeout_usec,
				.max = options->max_connections,
				.peer_rule = options->peer_rule,
				.peek = peek,
				.deliver = deliver_message,
				.cancel = cancel,
				.process_changed = process_changed,
				.ended = connection_ended,
				.lost = message_lost,
			},
	};
	if (r < 0)
		return r;
	r = init_outbox(bridge, options, failure);
	if (r < 0)
		return r;
	return init_plugins(bridge, options, failure);
}

/* A passed socket has been made already. vsock: NULL if the user names no path, of which --port could be a part. */
static int refuse_options_of_socket(const struct bridge_options *options, const char *vsock,
                                    struct failure *failure)
{
	const char *option = options->listener_option;

	if (!option && options->port_given && !vsock)
		option = "--port";
	if (!option)
		return 0;
	return failure_set(
		failure, -EINVAL,
		"%s has no effect on the socket that $LISTEN_FDS passes: write ListenStream=, "
		"SocketMode= or SocketGroup= in the socket unit",
		option);
}

/* Listens at the inherited socket, or else at VSOCK_PORT, as hybrid vsock names it. */
static int listen_somewhere(struct bridge *bridge, const struct bridge_options *options,
                            const char *vsock, struct failure *failure)
{
	CLEANUP_FREE char *path = NULL;
	int r = 0;

	if (vsock && asprintf(&path, "%s_%u", vsock, options->port) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (options->activates)
		r = listener_inherit(&bridge->listener, path, failure);
	if (r < 0)
		return r;
	if (r > 0)
		return refuse_options_of_socket(options, vsock, failure);
	if (path)
		return listener_open(&bridge->listener, path, &options->listener, failure);
	return failure_set(failure, -EINVAL,
	                   "no VSOCK given, and $LISTEN_FDS passes no socket: say where the VMM's "
	                   "vsock socket is");
}

/* Names the VM in the log as its state does, or, if no state is kept, as it would. */
static void name_vm(const struct bridge *bridge, const struct bridge_options *options, char *socket)
{
	char name[STATE_NAME_MAX];
	uint32_t port;

	if (bridge->keeper.state) {
		log_name_vm(bridge->keeper.state->name);
		return;
	}
	socket[vm_name_vsock(socket, &port)] = '\0';
	vm_name(name, socket);
	log_name_vm(options->name ? options->name : name);
}

/* The state is named after the socket at which we listen, also if a service manager has bound it. */
static int start_keeper(struct bridge *bridge, const struct bridge_options *options,
                        struct failure *failure)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof(address) - 1;
	int r;

	if (getsockname(bridge->listener.fd, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	r = state_keeper_start(&bridge->keeper, bridge->loop, options, &bridge->outbox,
	                       address.sun_path, failure);
	if (r < 0)
		return r;
	name_vm(bridge, options, address.sun_path);
	return 0;
}

/* Tells everybody what the guest was doing before this process was started. */
static void tell_taken_up(struct bridge *bridge)
{
	const struct state *state = bridge->keeper.state;

	if (!bridge->keeper.taken_up)
		return;
	/* If another process connects after this one has ended, that is another VM. */
	bridge->connections.backend = (struct backend){.pid = state->process, .stays = true};
	bridge_event(bridge, VSN_EVENT_VM_PROCESS, state->process);
	bridge_event(bridge, VSN_EVENT_VM_TAKEN_UP, take_up_number(state));
}

int bridge_listen(struct bridge *bridge, const struct bridge_options *options, const char *vsock,
                  struct failure *failure)
{
	int r = listen_somewhere(bridge, options, vsock, failure);

	if (r < 0)
		return r;
	r = start_keeper(bridge, options, failure);
	if (r < 0)
		return r;
	tell_taken_up(bridge);
	r = acceptor_start(&bridge->acceptor, bridge->loop, bridge->listener.fd,
	                   &bridge->connections);
	if (r < 0)
		return failure_set(failure, r, "cannot wait for connections: %s", strerror(-r));
	log_info("listening at %s",
	         bridge->listener.path ? bridge->listener.path : "the passed socket");
	return 0;
}

bool bridge_trusts(const struct bridge *bridge, pid_t pid)
{
	return peer_is_vmms(&bridge->connections.peer_rule, pid);
}

void bridge_confinement(const struct bridge *bridge, struct confinement *confinement)
{
	const struct manager_socket *host = &bridge->outbox.manager;
	bool local = address_is_local(&host->address);

	confinement_init(confinement);
	confinement->needs = bridge->needs;
	confinement->need_count = bridge->need_count;
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

void bridge_deinit(struct bridge *bridge, int exit_status)
{
	state_keeper_finish(&bridge->keeper, exit_status);
	state_keeper_deinit(&bridge->keeper);
	loop_timer_cancel(&bridge->connections_timer);
	loop_timer_cancel(&bridge->stop_timer);
	acceptor_deinit(&bridge->acceptor);
	connections_close_all(&bridge->connections);
	listener_close(&bridge->listener);
	plugin_list_unload(&bridge->plugins);
	outbox_deinit(&bridge->outbox);
	life_log_finish(&bridge->events);
	log_finish();
}
