/* SPDX-License-Identifier: Apache-2.0 */
/* The plugins of a bridge (see plugin_list.h). */
#include "plugin_list.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "plugin_config.h"
#include "plugin_load.h"

static int open_and_configure(struct plugin_list *list, struct plugin *plugin, struct loop *loop,
                              struct outbox *outbox, char *pairs, struct failure *failure)
{
	int r;

	plugin->list = list;
	r = plugin_open(plugin, loop, outbox, failure);
	if (r < 0)
		return r;
	return plugin_config_pairs(plugin, pairs, failure);
}

static void append(struct plugin_list *list, struct plugin *plugin)
{
	struct plugin **end = &list->first;

	while (*end)
		end = &(*end)->next;
	*end = plugin;
}

int plugin_list_add(struct plugin_list *list, const char *specification, struct loop *loop,
                    struct outbox *outbox, struct failure *failure)
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
	r = plugin_load(name, &plugin, failure);
	if (r < 0)
		return r;
	if (plugin_list_find(list, plugin->calls.name))
		r = failure_set(
			failure, -EEXIST,
			"--plugin=%s: plugin %s is loaded already: give all its keys at once",
			specification, plugin->calls.name);
	else
		r = open_and_configure(list, plugin, loop, outbox, pairs, failure);
	if (r < 0) {
		plugin_unload(plugin);
		return r;
	}
	append(list, plugin);
	return 0;
}

struct plugin *plugin_list_find(const struct plugin_list *list, const char *name)
{
	struct plugin *plugin = list->first;

	while (plugin && strcmp(plugin->calls.name, name) != 0)
		plugin = plugin->next;
	return plugin;
}

unsigned plugin_list_needs(const struct plugin_list *list, const struct vsn_needs **needs,
                           unsigned max)
{
	unsigned count = 0;

	for (const struct plugin *plugin = list->first; plugin; plugin = plugin->next)
		if (plugin->calls.needs && count < max)
			needs[count++] = plugin->calls.needs;
	return count;
}

/* If the plugin cannot start, its first error line becomes the failure. */
static int start(struct plugin *plugin, struct failure *failure)
{
	struct failure own = {0};
	int r;

	if (!plugin->calls.start)
		return 0;
	plugin->failure = &own;
	plugin_enter(plugin, NULL);
	r = plugin->calls.start(plugin->user);
	plugin_leave(plugin);
	plugin->failure = NULL;
	if (r >= 0) {
		if (own.line[0])
			log_error("%s", own.line);
		return 0;
	}
	if (own.line[0])
		return failure_set(failure, r, "%s", own.line);
	return failure_set(failure, r, "plugin %s cannot start: %s", plugin->calls.name,
	                   strerror(-r));
}

int plugin_list_start(struct plugin_list *list, struct failure *failure)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int r = start(plugin, failure);

		if (r < 0)
			return r;
	}
	return 0;
}

static int peek(struct plugin *plugin, const char *text, size_t length)
{
	int verdict;

	if (!plugin->calls.peek)
		return VSN_VERDICT_NONE;
	plugin_enter(plugin, NULL);
	verdict = plugin->calls.peek(plugin->user, text, length);
	plugin_leave(plugin);
	return verdict;
}

enum vsn_verdict plugin_list_peek(const struct plugin_list *list, const char *text, size_t length)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int verdict = peek(plugin, text, length);

		if (verdict > VSN_VERDICT_NONE && verdict <= VSN_VERDICT_BYTE)
			return (enum vsn_verdict)verdict;
	}
	return VSN_VERDICT_NONE;
}

void plugin_list_message(struct plugin_list *list, struct delivery *delivery)
{
	struct vsn_message message;

	if (!delivery->judged)
		delivery->verdict = plugin_list_peek(list, delivery->text, delivery->length);
	delivery->judged = true;
	delivery->now_usec = now_usec();
	message = (struct vsn_message){
		.struct_size = sizeof(message),
		.id = delivery->id,
		.now_usec = delivery->now_usec,
		.text = delivery->text,
		.length = delivery->length,
		.peer_pid = delivery->pid,
		.peer_uid = delivery->uid,
		.source_port = delivery->port,
	};
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next) {
		int r;

		plugin_enter(plugin, delivery);
		r = plugin->calls.message(plugin->user, &message);
		plugin_leave(plugin);
		if (r < 0)
			log_limited(VSN_LOG_ERROR, "plugin %s failed on message %llu: %s",
			            plugin->calls.name, (unsigned long long)delivery->id,
			            strerror(-r));
	}
}

void plugin_list_event(struct plugin_list *list, const struct vsn_event *event,
                       const struct plugin *from)
{
	struct delivery *delivery = from ? from->delivery : NULL;

	/* Before the plugins, because one of them may tell of another event that follows from this one. */
	if (list->observe)
		list->observe(list, event);
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next)
		if (plugin != from)
			plugin_event(plugin, event, delivery);
}

static void stop(struct plugin *plugin)
{
	/* The last lines of a plugin must not be lost because a guest made it log many before. */
	plugin->log_limit.rate = (struct rate){0};
	if (plugin->calls.stop) {
		plugin_enter(plugin, NULL);
		plugin->calls.stop(plugin->user);
		plugin_leave(plugin);
	}
	loop_timer_cancel(&plugin->timer);
}

void plugin_list_stop(const struct plugin_list *list)
{
	for (struct plugin *plugin = list->first; plugin; plugin = plugin->next)
		stop(plugin);
}

void plugin_list_unload(struct plugin_list *list)
{
	while (list->first) {
		struct plugin *plugin = list->first;

		list->first = plugin->next;
		plugin_unload(plugin);
	}
}
