/* SPDX-License-Identifier: Apache-2.0 */
/* The notify plugin through its one exported symbol, with a host that does what it is asked for and tells nobody. */
#ifndef NOTIFY_HOST_H
#define NOTIFY_HOST_H

#include <stdint.h>

#include "harness.h"
#include "include/vsock-notify-plugin.h"

extern const struct vsn_registration vsock_notify_plugin;

static const struct vsn_plugin *plugin;
static void *user;
static uint64_t message_usec = 1000; /* when messages come and events happen */
static uint64_t timer_usec;

static inline void quiet_log(const struct vsn_host *one, int level, const char *format, ...)
{
	(void)one;
	(void)level;
	(void)format;
}

static inline int quiet_send(const struct vsn_host *one, int send_class, const char *text,
                             size_t length)
{
	(void)one;
	(void)send_class;
	(void)text;
	(void)length;
	return 0;
}

static inline int quiet_barrier(const struct vsn_host *one)
{
	(void)one;
	return 0;
}

static inline void quiet_set_timer(const struct vsn_host *one, uint64_t deadline_usec)
{
	(void)one;
	timer_usec = deadline_usec;
}

/* Without events: a file puts its own functions in for what it wants to hear of. */
static struct vsn_host host = {
	.struct_size = sizeof(struct vsn_host),
	.abi_version = VSN_ABI_VERSION,
	.version = "test",
	.log = quiet_log,
	.send = quiet_send,
	.barrier = quiet_barrier,
	.set_timer = quiet_set_timer,
};

static inline void plugin_setup(void)
{
	plugin = vsock_notify_plugin.plugin;
	ck_assert_int_eq(plugin->open(&host, &user), 0);
}

static inline void plugin_teardown(void)
{
	plugin->close(user);
}

static inline int message(const char *text, size_t length)
{
	const struct vsn_message one = {
		.struct_size = sizeof(one),
		.id = 7,
		.now_usec = message_usec,
		.text = text,
		.length = length,
	};

	return plugin->message(user, &one);
}

#endif
