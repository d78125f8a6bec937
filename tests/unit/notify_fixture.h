/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notify plugin with a host that records what it is asked for: "send(S, ...)", "barrier()", "timer(N)",
 * "logN(...)".
 */
#ifndef NOTIFY_FIXTURE_H
#define NOTIFY_FIXTURE_H

#include <errno.h>

#include "notify_told.h"

static int send_result;
static int barrier_result;

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

static int fake_send(const struct vsn_host *one, int send_class, const char *text, size_t length)
{
	(void)one;
	note("send(%s, %.*s)", send_class == VSN_SEND_STATE ? "state" : "progress", (int)length,
	     text);
	return send_result;
}

static int fake_barrier(const struct vsn_host *one)
{
	(void)one;
	note("barrier()");
	return barrier_result;
}

static void fake_set_timer(const struct vsn_host *one, uint64_t deadline_usec)
{
	(void)one;
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

static inline void setup(void)
{
	host.log = fake_log;
	host.send = fake_send;
	host.barrier = fake_barrier;
	host.set_timer = fake_set_timer;
	host.event = fake_event;
	plugin_setup();
}

#endif
