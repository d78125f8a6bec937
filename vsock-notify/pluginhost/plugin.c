/* SPDX-License-Identifier: Apache-2.0 */
/* One open plugin and the functions that it is given. */
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

	plugin->complained |= level == VSN_LOG_ERROR;
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
	bool progress = send_class == VSN_SEND_PROGRESS;
	int r;

	if (progress && plugin->over_quota && plugin->over_quota(plugin))
		return -ENOBUFS;
	r = outbox_send(plugin->outbox, progress ? VSN_SEND_PROGRESS : VSN_SEND_STATE, text,
	                length);
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

static void host_event(const struct vsn_host *host, const struct vsn_event *event)
{
	struct plugin *plugin = plugin_of(host);

	plugin->event(plugin, event);
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
		.event = host_event,
	};
	r = plugin->calls.open(&plugin->host, &plugin->user);
	if (r < 0) {
		log_error("plugin %s cannot be opened: %s", plugin->calls.name, strerror(-r));
		return r;
	}
	plugin->opened = true;
	return 0;
}
