/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our side of the plugin ABI (include/vsock-notify-plugin.h): one plugin, and what it can call.
 *
 * Every call of a plugin is between plugin_enter() and plugin_leave(). In between, plugin->delivery is the message that the
 * plugin is called for, so that what it sends is queued for that message's hold. A plugin is never entered while it is being
 * called: an event for it is copied then, and handed over by plugin_leave(), in order. What a plugin sends is only queued;
 * whoever called the plugin has the outbox flushed when it has returned.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdbool.h>

#include "base/delivery.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/loop.h"
#include "include/vsock-notify-plugin.h"
#include "manager/outbox.h"

struct plugin;
struct plugin_list;

/* What the plugin is given. It gives back the pointer to its first member, by which we find the plugin. */
struct plugin_host {
	struct vsn_host calls;
	struct plugin *plugin;
};

struct plugin {
	struct plugin_host host;
	struct vsn_plugin calls; /* a copy: as much as both sides know, and zeros beyond */
	void *user;
	void *handle; /* of dlopen(3) */
	char *path;
	uint32_t abi_version;
	uint32_t struct_size;
	struct plugin *next;
	struct plugin_list *list; /* the list that has this plugin */
	struct loop *loop;
	struct outbox *outbox;
	struct loop_timer timer;
	struct log_limit log_limit;
	bool opened;

	bool called;               /* it is being called */
	struct delivery *delivery; /* the message that it is called for; NULL: none */
	struct kept_event
		*kept; /* events that came while it was being called, the first one first */
	struct kept_event **kept_end;

	struct failure *
		failure; /* what its error lines are put into while it is configured or started; else NULL */
};

/*
 * Hands the plugin its functions and calls open. list is to be set before. Returns 0, or a negative errno with the reason
 * in *failure.
 */
int plugin_open(struct plugin *plugin, struct loop *loop, struct outbox *outbox,
                struct failure *failure);

/* Around every call. delivery: what the plugin is called for, or NULL. */
void plugin_enter(struct plugin *plugin, struct delivery *delivery);
void plugin_leave(struct plugin *plugin);

/* Calls event, at once or when the call that the plugin is in has returned. */
void plugin_event(struct plugin *plugin, const struct vsn_event *event, struct delivery *delivery);

#endif
