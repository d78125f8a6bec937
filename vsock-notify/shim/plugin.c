/* SPDX-License-Identifier: Apache-2.0 */
/* One open plugin: the functions it is given, and its callbacks called. */
#include "plugin.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "util.h"
#include "version.h"

static struct plugin *plugin_of(const struct vsn_host *host)
{
	return container_of(host, struct plugin, host);
}

static void host_log(const struct vsn_host *host, int level, const char *format, ...)
	VSN_PRINTF(3, 4);

static void host_log(const struct vsn_host *host, int level, const char *format, ...)
{
	struct plugin *plugin = plugin_of(host);
	CLEANUP_FREE char *text = NULL;
	va_list arguments;
	int length;

	if (!log_enabled(level))
		return;
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		text = NULL;
		return;
	}
	if (level == VSN_LOG_DEBUG)
		log_line(level, "%s: %s", plugin->calls.name, text);
	else
		log_line_limited(&plugin->log_limit, level, "%s: %s", plugin->calls.name, text);
}

static int host_send(const struct vsn_host *host, int send_class, const char *text, size_t length)
{
	struct plugin *plugin = plugin_of(host);
	int r = outbox_send(plugin->outbox,
			    send_class == VSN_SEND_PROGRESS ? VSN_SEND_PROGRESS : VSN_SEND_STATE,
			    text, length);

	log_debug("host: \"%.*s\"%s%s", (int)length, text, r < 0 ? " not sent: " : "",
		  r < 0 ? strerror(-r) : "");
	return r;
}

static int host_barrier(const struct vsn_host *host)
{
	log_debug("host: \"" BARRIER_TEXT "\"");
	return outbox_barrier(plugin_of(host)->outbox);
}

static void host_set_timer(const struct vsn_host *host, uint64_t deadline_usec)
{
	struct plugin *plugin = plugin_of(host);

	if (deadline_usec)
		loop_timer_set(plugin->loop, &plugin->timer, deadline_usec);
	else
		loop_timer_cancel(&plugin->timer);
}

static void timer_time(struct loop_timer *timer, uint64_t now)
{
	struct plugin *plugin = container_of(timer, struct plugin, timer);

	if (plugin->calls.timer)
		plugin->calls.timer(plugin->user, now);
}

int plugin_open(struct plugin *plugin, struct loop *loop, struct outbox *outbox)
{
	int r;

	plugin->loop = loop;
	plugin->outbox = outbox;
	plugin->timer.callback = timer_time;
	plugin->host = (struct vsn_host){
		.struct_size = sizeof(plugin->host),
		.abi_version = VSN_ABI_VERSION,
		.version = VSOCK_NOTIFY_VERSION,
		.log = host_log,
		.send = host_send,
		.barrier = host_barrier,
		.set_timer = host_set_timer,
	};
	r = plugin->calls.open(&plugin->host, &plugin->user);
	if (r < 0) {
		log_error("plugin %s cannot be opened: %s", plugin->calls.name, strerror(-r));
		return r;
	}
	plugin->opened = true;
	return 0;
}

int plugin_config(struct plugin *plugin, const char *key, const char *value)
{
	const char *name = plugin->calls.name;
	int r = plugin->calls.config ? plugin->calls.config(plugin->user, key, value) : -ENOENT;

	if (r == -ENOENT)
		log_error("plugin %s has no key \"%s\": \"vsock-notify plugins\" lists its keys",
			  name, key);
	else if (r == -EINVAL)
		log_error("plugin %s: %s=%s: the value is not one it takes; \"vsock-notify "
			  "plugins\" says which it does",
			  name, key, value);
	else if (r < 0)
		log_error("plugin %s: %s=%s: %s", name, key, value, strerror(-r));
	return r;
}

/* Splits "key=value[,value]...,key=value" in place and hands the pairs on. */
static int config_pairs(struct plugin *plugin, char *pairs)
{
	while (pairs) {
		char *key = pairs;
		char *value = strchr(key, '=');
		char *comma;
		int r;

		if (!value || value == key) {
			log_error("--plugin=%s,%s: what follows a plugin's name is key=value",
				  plugin->calls.name, key);
			return -EINVAL;
		}
		*value++ = '\0';
		/* A comma ends the value only where another key=value follows it. */
		pairs = NULL;
		for (comma = strchr(value, ','); comma; comma = strchr(comma + 1, ',')) {
			if (comma[1 + strcspn(comma + 1, ",=")] == '=') {
				*comma = '\0';
				pairs = comma + 1;
				break;
			}
		}
		r = plugin_config(plugin, key, value);
		if (r < 0)
			return r;
	}
	return 0;
}

int plugin_list_add(struct plugin_list *list, const char *specification, struct loop *loop,
		    struct outbox *outbox)
{
	CLEANUP_FREE char *name = strdup(specification);
	struct plugin *plugin;
	char *pairs;
	int r;

	if (!name)
		return -ENOMEM;
	pairs = strchr(name, ',');
	if (pairs)
		*pairs++ = '\0';
	r = plugin_load(name, &plugin);
	if (r < 0)
		return r;
	r = plugin_open(plugin, loop, outbox);
	if (r == 0)
		r = config_pairs(plugin, pairs);
	if (r < 0) {
		plugin_unload(plugin);
		return r;
	}
	if (!list->end)
		list->end = &list->first;
	*list->end = plugin;
	list->end = &plugin->next;
	return 0;
}

struct plugin *plugin_list_find(const struct plugin_list *list, const char *name)
{
	struct plugin *plugin = list->first;

	while (plugin && strcmp(plugin->calls.name, name) != 0)
		plugin = plugin->next;
	return plugin;
}

int plugin_list_start(struct plugin_list *list)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int r = plugin->calls.start ? plugin->calls.start(plugin->user) : 0;

		if (r < 0) {
			log_error("plugin %s cannot start: %s", plugin->calls.name, strerror(-r));
			return r;
		}
	}
	return 0;
}

enum vsn_verdict plugin_list_peek(const struct plugin_list *list, const char *text, size_t length)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int verdict =
			plugin->calls.peek ? plugin->calls.peek(plugin->user, text, length) : 0;

		if (verdict > VSN_VERDICT_NONE && verdict <= VSN_VERDICT_COMPLETE)
			return (enum vsn_verdict)verdict;
	}
	return VSN_VERDICT_NONE;
}

void plugin_list_message(const struct plugin_list *list, uint64_t id, const char *text,
			 size_t length)
{
	struct vsn_message message = {
		.struct_size = sizeof(message),
		.id = id,
		.now_usec = now_usec(),
		.text = text,
		.length = length,
	};

	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int r = plugin->calls.message(plugin->user, &message);

		if (r < 0)
			log_limited(VSN_LOG_ERROR, "plugin %s failed on message %llu: %s",
				    plugin->calls.name, (unsigned long long)id, strerror(-r));
	}
}

void plugin_list_stop(const struct plugin_list *list)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		if (plugin->calls.stop)
			plugin->calls.stop(plugin->user);
		loop_timer_cancel(&plugin->timer);
	}
}

void plugin_list_unload(struct plugin_list *list)
{
	while (list->first) {
		struct plugin *plugin = list->first;

		list->first = plugin->next;
		plugin_unload(plugin);
	}
	list->end = NULL;
}
