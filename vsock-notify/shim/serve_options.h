/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify serve", and the bridge wherever it is, is told on the command line. */
#ifndef SERVE_OPTIONS_H
#define SERVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "framing.h"
#include "listener.h"
#include "options.h"
#include "peer.h"

#define SERVE_PLUGINS_MAX     16
#define SERVE_NOTIFY_KEYS_MAX 16
#define SERVE_CONNECTIONS_MAX 1000

struct serve_options {
	uint32_t port;
	bool port_given;
	const char *plugins[SERVE_PLUGINS_MAX]; /* NAME[,key=value...] */
	unsigned plugin_count;
	/* Options that are keys of the notify plugin. */
	struct {
		const char *key;
		const char *value;
	} notify_keys[SERVE_NOTIFY_KEYS_MAX];
	unsigned notify_key_count;
	bool track; /* have the notify plugin tell of the guest's life, unless it is told not to */
	const char *notify_socket; /* NULL: not given */
	const char *name;          /* of the VM; NULL: as its vsock socket's path has it */
	const char *state;         /* path of the state file; NULL: beside the socket */
	bool no_state;
	bool keep_state;
	const char *dump_plugin; /* NULL: serve */
	struct framing_options framing;
	uint64_t frame_timeout_usec;
	uint32_t max_connections;
	struct listener_options listener;
	struct peer_rule peer_rule;
	bool confined;
};

/* What the bridge takes, beside a VMM or before one. */
extern const struct option_entry bridge_option_table[];

/* What only serve takes. */
extern const struct option_entry serve_option_table[];

/*
 * Keeps an option that is the notify plugin's key of the same name. Returns 0, or -errno after an error
 * line.
 */
int serve_options_add_key(struct serve_options *options, const char *key, const char *value);

/* The defaults, as the table documents them. */
void serve_options_init(struct serve_options *options);

#endif
