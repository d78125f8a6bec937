/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shim's side of the plugin ABI (include/vsock-notify-plugin.h): one loaded plugin, and the
 * list of those that a shim runs.
 *
 * A plugin's struct is copied into one of the shim's own, as much as both know and zeros beyond,
 * so that the callbacks of an older, shorter plugin read as NULL.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdbool.h>

#include "base/log.h"
#include "base/loop.h"
#include "guest/peer.h"
#include "include/vsock-notify-plugin.h"
#include "manager/outbox.h"
#include "quota.h"

struct plugin {
	struct vsn_host host; /* given to the plugin, which gives it back: container_of */
	struct vsn_plugin calls;
	void *user;
	void *handle; /* dlopen(3) */
	char *path;
	uint32_t abi_version;
	uint32_t struct_size;
	struct plugin *next;
	struct plugin_list *list; /* of the list that has it, for event */
	void (*event)(struct plugin *plugin, const struct vsn_event *event); /* it tells of one */
	bool (*over_quota)(
		const struct plugin *plugin); /* it tells of progress too often; or NULL */
	struct loop *loop;
	struct outbox *outbox;
	struct loop_timer timer;
	struct log_limit log_limit;
	bool opened;
	bool complained; /* has logged an error since this was last made false */
};

struct plugin_list {
	struct plugin *first;
	struct plugin **end; /* NULL while the list is empty */
	struct quota quota;
	const struct vsn_message *message; /* that is being handed out; NULL: none is */
	/* Also told of each event; NULL: nobody. */
	void (*observe)(struct plugin_list *list, const struct vsn_event *event);
};

/*
 * Finds name (a plugin's name, or a path with a '/'), loads it and checks what it registers.
 * Returns 0 with *plugin to be freed by plugin_unload(), or a negative errno after an error line.
 */
int plugin_load(const char *name, struct plugin **plugin);

/* Calls close where open succeeded, unloads and frees. */
void plugin_unload(struct plugin *plugin);

/*
 * Hands the plugin its host functions and calls open. event is to be set before. Returns 0 or -errno
 * after an error line.
 */
int plugin_open(struct plugin *plugin, struct loop *loop, struct outbox *outbox);

/* Gives one key=value to an open plugin. Returns 0 or -errno after an error line. */
int plugin_config(struct plugin *plugin, const char *key, const char *value);

/*
 * Loads, opens and configures what --plugin=NAME[,key=value...] says and appends it to list. A part
 * after a comma that has no '=' goes on the value before it. Returns 0 or -errno after an error line.
 */
int plugin_list_add(struct plugin_list *list, const char *specification, struct loop *loop,
                    struct outbox *outbox);

/* The list's plugin of that name, or NULL. */
struct plugin *plugin_list_find(const struct plugin_list *list, const char *name);

/* Calls start of each. Returns 0 or -errno after an error line. */
int plugin_list_start(struct plugin_list *list);

/* The first opinion of any, in order; VSN_VERDICT_NONE if there is none. */
enum vsn_verdict plugin_list_peek(const struct plugin_list *list, const char *text, size_t length);

/* Gives a whole message to each. text is followed by a NUL. */
void plugin_list_message(struct plugin_list *list, uint64_t id, const struct peer *peer,
                         const char *text, size_t length);

/* Tells the observer and each plugin but from (NULL: each) of an event. */
void plugin_list_event(struct plugin_list *list, const struct vsn_event *event,
                       const struct plugin *from);

/* over_quota of the list's plugins: the guest whose message is being handed out tells too often. */
bool plugin_list_over_quota(const struct plugin *plugin);

void plugin_list_stop(const struct plugin_list *list);
void plugin_list_unload(struct plugin_list *list);

#endif
