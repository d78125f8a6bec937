/* SPDX-License-Identifier: Apache-2.0 */
/* The plugins that a shim runs: configured from the command line, called in its order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "plugin.h"

int plugin_config(struct plugin *plugin, const char *key, const char *value)
{
	const char *name = plugin->calls.name;
	int r;

	plugin->complained = false;
	r = plugin->calls.config ? plugin->calls.config(plugin->user, key, value) : -ENOENT;

	if (r == -ENOENT)
		log_error("plugin %s has no key \"%s\": \"vsock-notify plugins\" lists its keys",
		          name, key);
	else if (r == -EINVAL)
		log_error("plugin %s: %s=%s: the value is not one it takes; \"vsock-notify "
		          "plugins\" says which it does",
		          name, key, value);
	else if (r < 0 && !plugin->complained)
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

static void event_of_plugin(struct plugin *plugin, const struct vsn_event *event)
{
	plugin_list_event(plugin->list, event, plugin);
}

bool plugin_list_over_quota(const struct plugin *plugin)
{
	struct plugin_list *list = plugin->list;
	const struct vsn_message *message = list->message;

	if (!message || quota_take(&list->quota, message->peer_pid, false, message->now_usec))
		return false;
	/* PID 1's messages have a part of their own. */
	if (plugin_list_peek(list, message->text, message->length) == VSN_VERDICT_BRIEF &&
	    quota_take(&list->quota, message->peer_pid, true, message->now_usec))
		return false;
	list->quota.exceeded++;
	log_limited(VSN_LOG_WARNING,
	            "process %lld tells of progress too often: %llu messages not passed on so far",
	            (long long)message->peer_pid, (unsigned long long)list->quota.exceeded);
	return true;
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
	if (plugin_list_find(list, plugin->calls.name)) {
		log_error("--plugin=%s: plugin %s is loaded already: give all its keys at once",
		          specification, plugin->calls.name);
		plugin_unload(plugin);
		return -EEXIST;
	}
	plugin->list = list;
	plugin->event = event_of_plugin;
	plugin->over_quota = plugin_list_over_quota;
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

void plugin_list_message(struct plugin_list *list, uint64_t id, const struct peer *peer,
                         const char *text, size_t length)
{
	struct vsn_message message = {
		.struct_size = sizeof(message),
		.id = id,
		.now_usec = now_usec(),
		.text = text,
		.length = length,
		.peer_pid = peer->pid,
		.peer_uid = peer->uid,
		.source_port = peer->port,
	};

	list->message = &message;
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int r = plugin->calls.message(plugin->user, &message);

		if (r < 0)
			log_limited(VSN_LOG_ERROR, "plugin %s failed on message %llu: %s",
			            plugin->calls.name, (unsigned long long)id, strerror(-r));
	}
	list->message = NULL;
}

void plugin_list_event(struct plugin_list *list, const struct vsn_event *event,
                       const struct plugin *from)
{
	/* First, as a plugin may have an event of its own follow from it. */
	if (list->observe)
		list->observe(list, event);
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next)
		if (plugin != from && plugin->calls.event)
			plugin->calls.event(plugin->user, event);
}

void plugin_list_stop(const struct plugin_list *list)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		/* What it says in the end is not lost because of what a guest made it say. */
		plugin->log_limit.rate = (struct rate){0};
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
