/* SPDX-License-Identifier: Apache-2.0 */
/* The notify plugin through its one exported symbol, with a host that records what it is asked for. */
#ifndef NOTIFY_FIXTURE_H
#define NOTIFY_FIXTURE_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>

#include "../../vsock-notify/include/vsock-notify-plugin.h"
#include "harness.h"

extern const struct vsn_registration vsock_notify_plugin;

/* What the plugin asked its host for, in order: "send(S, ...)", "barrier()", "timer(N)", "log(...)". */
static char asked[65536];
static int send_result;
static int barrier_result;
static uint64_t message_usec = 1000; /* when messages come */

static void note(const char *format, ...) VSN_PRINTF(1, 2);

static void note(const char *format, ...)
{
	size_t used = strlen(asked);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(asked + used, sizeof(asked) - used, format, arguments);
	va_end(arguments);
}

static void fake_log(const struct vsn_host *, int, const char *, ...) VSN_PRINTF(3, 4);

static void fake_log(const struct vsn_host *one, int level, const char *format, ...)
{
	char line[512];
	va_list arguments;

	(void)one;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	note("log%d(%s)", level, line);
}

static int fake_send(const struct vsn_host *host, int send_class, const char *text, size_t length)
{
	(void)host;
	note("send(%s, %.*s)", send_class == VSN_SEND_STATE ? "state" : "progress", (int)length,
	     text);
	return send_result;
}

static int fake_barrier(const struct vsn_host *host)
{
	(void)host;
	note("barrier()");
	return barrier_result;
}

static void fake_set_timer(const struct vsn_host *host, uint64_t deadline_usec)
{
	(void)host;
	if (deadline_usec)
		note("timer(%llu)", (unsigned long long)deadline_usec);
}

/* Of events those only that the shim logs a line of. */
static void fake_event(const struct vsn_host *one, const struct vsn_event *event)
{
	(void)one;
	if (event->type != VSN_EVENT_GUEST_FIELD)
		return;
	if (strncmp(event->text, "X_SYSTEMD_", strlen("X_SYSTEMD_")) == 0)
		note("guest(%s)", event->text);
	else if (event->number == 1)
		note("refused(%s)", event->text);
}

static const struct vsn_host host = {
	.struct_size = sizeof(struct vsn_host),
	.abi_version = VSN_ABI_VERSION,
	.version = "test",
	.log = fake_log,
	.send = fake_send,
	.barrier = fake_barrier,
	.set_timer = fake_set_timer,
	.event = fake_event,
};

static const struct vsn_plugin *plugin;
static void *user;

static inline void setup(void)
{
	plugin = vsock_notify_plugin.plugin;
	ck_assert_int_eq(plugin->open(&host, &user), 0);
}

static inline void teardown(void)
{
	plugin->close(user);
}

static inline int message(const char *text, size_t length)
{
	struct vsn_message one = {
		.struct_size = sizeof(one),
		.id = 7,
		.now_usec = message_usec,
		.text = text,
		.length = length,
	};

	asked[0] = '\0';
	return plugin->message(user, &one);
}

static inline const char *asked_for(const char *text)
{
	ck_assert_int_eq(message(text, strlen(text)), 0);
	return asked;
}

#endif
