/* SPDX-License-Identifier: Apache-2.0 */
/* The plugins of a bridge, configured from the command line and called in its order. */
#ifndef PLUGIN_LIST_H
#define PLUGIN_LIST_H

#include "base/delivery.h"
#include "base/failure.h"
#include "base/loop.h"
#include "include/vsock-notify-plugin.h"
#include "manager/outbox.h"
#include "plugin.h"
#include "quota.h"

/* Zero-initialise, then set the callbacks. */
struct plugin_list {
	struct plugin *first;
	struct quota quota;
	/* Called with each event, before the plugins are told of it; or NULL. */
	void (*observe)(struct plugin_list *list, const struct vsn_event *event);
	/* Called when a plugin's timer callback has returned: what it queued is to be sent; or NULL. */
	void (*returned)(struct plugin_list *list);
};

/*
 * Loads, opens and configures what --plugin=NAME[,key=value...] names and appends it to the list. Returns 0, or a negative
 * errno with the reason in *failure.
 */
int plugin_list_add(struct plugin_list *list, const char *specification, struct loop *loop,
                    struct outbox *outbox, struct failure *failure);

/* The list's plugin of that name, or NULL. */
struct plugin *plugin_list_find(const struct plugin_list *list, const char *name);

/* Stores what each plugin needs of confinement into needs, max of them at most. Returns how many there are. */
unsigned plugin_list_needs(const struct plugin_list *list, const struct vsn_needs **needs,
                           unsigned max);

/* Calls start of each. Returns 0, or a negative errno with the reason in *failure. */
int plugin_list_start(struct plugin_list *list, struct failure *failure);

/* The first opinion of any plugin, in the list's order; VSN_VERDICT_NONE if there is none. */
enum vsn_verdict plugin_list_peek(const struct plugin_list *list, const char *text, size_t length);

/* Gives a whole message to each plugin. The plugins are asked for their verdict first, unless they have been. */
void plugin_list_message(struct plugin_list *list, struct delivery *delivery);

/* Tells the observer, and each plugin but from (NULL: each), of an event. */
void plugin_list_event(struct plugin_list *list, const struct vsn_event *event,
                       const struct plugin *from);

void plugin_list_stop(const struct plugin_list *list);
void plugin_list_unload(struct plugin_list *list);

#endif
