/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the bridge, which "vsock-notify serve" and "vsock-notify run" have in common, and those of "serve". */
#ifndef BRIDGE_OPTIONS_H
#define BRIDGE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "guest/listener.h"
#include "guest/peer.h"
#include "guest/waiting_rule.h"

#define BRIDGE_PLUGINS_MAX     16
#define BRIDGE_NOTIFY_KEYS_MAX 16
#define BRIDGE_CONNECTIONS_MAX 1000

struct bridge_options {
	uint32_t port;
	bool port_given;
	const char *plugins[BRIDGE_PLUGINS_MAX]; /* NAME[,key=value...] */
	unsigned plugin_count;
	/* Our options that are keys of the notify plugin. */
	struct {
		const char *key;
		const char *value;
	} notify_keys[BRIDGE_NOTIFY_KEYS_MAX];
	unsigned notify_key_count;
	bool track; /* the notify plugin gets track=on; the user's own keys come later and win */
	bool no_stopping; /* the notify plugin gets deny=STOPPING: the VM's service outlives its guest */
	const char *notify_socket; /* NULL: not given */
	const char *name;          /* of the VM; NULL: it is made from the socket's path */
	const char *state;         /* path of the state file; NULL: beside the socket */
	bool no_state;
	bool keep_state;
	const char *dump_plugin; /* NULL: serve */
	struct waiting_options waiting;
	int answer; /* enum answer_mode */
	uint64_t frame_timeout_usec;
	uint32_t max_connections;
	struct listener_options listener;
	const char *listener_option; /* one that was given for it; NULL: none was */
	struct peer_rule peer_rule;
	bool activates; /* a listening socket that the service manager passed is served */
	bool no_confine;
	int log_level; /* for log_set_level() */
};

/* The options of the bridge. */
extern const struct option_entry bridge_option_table[];

/* The options that only "serve" has. */
extern const struct option_entry serve_option_table[];

/*
 * Keeps an option of ours that is a key of the notify plugin by the same name. Returns 0, or -EINVAL with the failure
 * set.
 */
int bridge_options_add_key(struct bridge_options *options, const char *key, const char *value,
                           struct failure *failure);

/* The same, for an option that takes one of some words. */
int bridge_options_add_choice(struct bridge_options *options, const char *key, const char *value,
                              const struct option_choice *choices, struct failure *failure);

/*
 * Parses "auto", "eof" or "settle:USEC", the modes of guest/waiting_rule.h. Returns 0; -EINVAL if it is none of them; -ERANGE
 * if USEC is above WAITING_SETTLE_MAX_USEC.
 */
int framing_option_parse(const char *text, struct waiting_options *options);

/* Refuses options that can have no effect beside the others. Returns 0, or -EINVAL with the failure set. */
int bridge_options_check(const struct bridge_options *options, struct failure *failure);

/* Sets the defaults, which the tables document. */
void bridge_options_init(struct bridge_options *options);

#endif
