/* SPDX-License-Identifier: Apache-2.0 */
/* One open plugin and the functions that it is given (theory: plugin.h). */
#include "plugin.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/memory.h"
#include "base/version.h"
#include "plugin_list.h"

/* A copy of an event for a plugin that was being called when it came. */
struct kept_event {
	struct kept_event *next;
	struct delivery *delivery;
	struct vsn_event event;
	char text[];
};

static struct plugin *plugin_of(const struct vsn_host *host)
{
	const struct plugin_host *given = (const void *)host;

	return given->plugin;
}

VSN_PRINTF(3, 4)
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
	if (level == VSN_LOG_ERROR && plugin->failure && !plugin->failure->line[0])
		failure_set(plugin->failure, 0, "%s: %s", plugin->calls.name, text);
	else if (level == VSN_LOG_DEBUG)
		log_line(level, "%s: %s", plugin->calls.name, text);
	else
		log_line_limited(&plugin->log_limit, level, "%s: %s", plugin->calls.name, text);
}

/* The hold of the message that the plugin is called for; NULL: it is called for none. */
static struct hold *hold_of(const struct plugin *plugin)
{
	return plugin->delivery ? &plugin->delivery->hold : NULL;
}

/* Whether the process that sent this message tells of progress too often. A part of the quota is PID 1's. */
static bool over_quota(struct quota *quota, const struct delivery *delivery)
{
	bool by_pid1 = verdict_is_brief(delivery->verdict);

	if (quota_take(quota, delivery->pid, by_pid1, delivery->now_usec))
		return false;
	quota->exceeded++;
	log_limited(VSN_LOG_WARNING,
	            "process %lld tells of progress too often: %llu messages not passed on so far",
	            (long long)delivery->pid, (unsigned long long)quota->exceeded);
	return true;
}

static int host_send(const struct vsn_host *host, int send_class, const char *text, size_t length)
{
	struct plugin *plugin = plugin_of(host);
	bool progress = send_class == VSN_SEND_PROGRESS;
	int r;

	if (progress && plugin->delivery && over_quota(&plugin->list->quota, plugin->delivery))
		return -ENOBUFS;
	r = outbox_queue(plugin->outbox, progress ? VSN_SEND_PROGRESS : VSN_SEND_STATE, text,
	                 length, hold_of(plugin));
	log_debug("host: \"%.*s\"%s%s", (int)length, text, r < 0 ? " not sent: " : "",
	          r < 0 ? strerror(-r) : "");
	return r;
}

static int host_barrier(const struct vsn_host *host)
{
	struct plugin *plugin = plugin_of(host);

	log_debug("host: \"" BARRIER_TEXT "\"");
	return outbox_barrier(plugin->outbox, hold_of(plugin));
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
	struct plugin_list *list = plugin->list;

	if (!plugin->calls.timer)
		return;
	plugin_enter(plugin, NULL);
	plugin->calls.timer(plugin->user, now);
	plugin_leave(plugin);
	if (list && list->returned)
		list->returned(list);
}

static void host_event(const struct vsn_host *host, const struct vsn_event *event)
{
	struct plugin *plugin = plugin_of(host);

	plugin_list_event(plugin->list, event, plugin);
}

/* The sender's struct may be shorter than ours, or longer: only what both have is copied. */
static void keep_event(struct plugin *plugin, const struct vsn_event *event,
                       struct delivery *delivery)
{
	size_t size = min_u64(event->struct_size, sizeof(*event));
	size_t length = VSN_EVENT_HAS(event, length) && event->text ? event->length : 0;
	struct kept_event *kept = calloc(1, sizeof(*kept) + length + 1);

	if (!kept) {
		log_limited(VSN_LOG_WARNING, "no memory: plugin %s is not told of an event",
		            plugin->calls.name);
		return;
	}
	memcpy(&kept->event, event, size);
	kept->event.struct_size = (uint32_t)size;
	if (kept->event.text) {
		memcpy(kept->text, event->text, length);
		kept->event.text = kept->text;
	}
	kept->delivery = delivery;
	if (!plugin->kept)
		plugin->kept_end = &plugin->kept;
	*plugin->kept_end = kept;
	plugin->kept_end = &kept->next;
}

void plugin_enter(struct plugin *plugin, struct delivery *delivery)
{
	plugin->called = true;
	plugin->delivery = delivery;
}

void plugin_leave(struct plugin *plugin)
{
	struct kept_event *kept;

	/* Each of these calls may cause more events for this plugin. */
	while ((kept = plugin->kept)) {
		plugin->kept = kept->next;
		plugin->delivery = kept->delivery;
		plugin->calls.event(plugin->user, &kept->event);
		free(kept);
	}
	plugin->delivery = NULL;
	plugin->called = false;
}

void plugin_event(struct plugin *plugin, const struct vsn_event *event, struct delivery *delivery)
{
	if (!plugin->calls.event)
		return;
	if (plugin->called) {
		keep_event(plugin, event, delivery);
		return;
	}
	plugin_enter(plugin, delivery);
	plugin->calls.event(plugin->user, event);
	plugin_leave(plugin);
}

int plugin_open(struct plugin *plugin, struct loop *loop, struct outbox *outbox,
                struct failure *failure)
{
	int r;

	plugin->loop = loop;
	plugin->outbox = outbox;
	plugin->timer.callback = timer_time;
	plugin->host.plugin = plugin;
	plugin->host.calls = (struct vsn_host){
		.struct_size = sizeof(plugin->host.calls),
		.abi_version = VSN_ABI_VERSION,
		.version = VSOCK_NOTIFY_VERSION,
		.log = host_log,
		.send = host_send,
		.barrier = host_barrier,
		.set_timer = host_set_timer,
		.event = host_event,
	};
	r = plugin->calls.open(&plugin->host.calls, &plugin->user);
	if (r < 0)
		return failure_set(failure, r, "plugin %s cannot be opened: %s", plugin->calls.name,
		                   strerror(-r));
	plugin->opened = true;
	return 0;
}
