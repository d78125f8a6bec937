/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin whose callbacks fail: those that fail=NAME names, of the ones that may (config, start,
 * message), and open where $CHAOS_FAIL is "open". All others do what a plugin should not: peek gives
 * nonsense, message and timer call the host with arguments that are not allowed, stop asks for another
 * timer, event sends. Loaded beside the notify plugin, which must not notice.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "vsock-notify-plugin.h"

/* So many timers at once, one after the other, for each message. */
#define TIMERS 20

struct failing {
	const struct vsn_host *host;
	const char *fail; /* which callback */
	unsigned peeks;
	unsigned timers_left;
};

static int failing_open(const struct vsn_host *host, void **user)
{
	static struct failing failing;
	const char *fail = getenv("CHAOS_FAIL");

	if (fail && strcmp(fail, "open") == 0)
		return -EIO;
	failing = (struct failing){.host = host, .fail = ""};
	*user = &failing;
	return 0;
}

static int failing_config(void *user, const char *key, const char *value)
{
	struct failing *failing = user;

	if (strcmp(key, "fail") != 0)
		return -ENOENT;
	if (strcmp(value, "config") == 0)
		return -EIO;
	if (strcmp(value, "start") == 0)
		failing->fail = "start";
	else if (strcmp(value, "message") == 0)
		failing->fail = "message";
	else
		return -EINVAL;
	return 0;
}

static int failing_start(void *user)
{
	const struct failing *failing = user;

	return strcmp(failing->fail, "start") == 0 ? -EIO : 0;
}

static int failing_peek(void *user, const char *text, size_t length)
{
	static const int nonsense[] = {-1, VSN_VERDICT_BYTE + 1, INT_MAX, INT_MIN, -EIO, 256};
	struct failing *failing = user;

	(void)text;
	(void)length;
	return nonsense[failing->peeks++ % (sizeof(nonsense) / sizeof(nonsense[0]))];
}

static void misuse(const struct failing *failing)
{
	static char text[8192];
	const struct vsn_host *host = failing->host;
	struct vsn_event event = {.struct_size = sizeof(event), .type = 4711, .number = INT64_MIN};

	memset(text, 'x', sizeof(text) - 1);
	host->send(host, 77, "", 0);
	host->send(host, -1, text, sizeof(text));
	host->log(host, 99, "%s", text);
	host->log(host, VSN_LOG_DEBUG, "%s", "\x01\n%n");
	host->set_timer(host, UINT64_MAX);
	host->set_timer(host, 0);
	host->set_timer(host, 1);
	if (VSN_HOST_HAS(host, event))
		host->event(host, &event);
}

static int failing_message(void *user, const struct vsn_message *message)
{
	struct failing *failing = user;

	failing->timers_left = TIMERS;
	misuse(failing);
	if (message->id % 8 == 0)
		failing->host->barrier(failing->host);
	return strcmp(failing->fail, "message") == 0 ? (message->id % 2 ? -EIO : INT_MIN) : INT_MAX;
}

static void failing_timer(void *user, uint64_t now_usec)
{
	struct failing *failing = user;

	(void)now_usec;
	if (failing->timers_left == 0)
		return;
	failing->timers_left--;
	misuse(failing);
}

static void failing_stop(void *user)
{
	struct failing *failing = user;

	failing->timers_left = UINT_MAX;
	misuse(failing);
	failing->host->send(failing->host, VSN_SEND_STATE, "STATUS=stopped",
	                    strlen("STATUS=stopped"));
}

static void failing_event(void *user, const struct vsn_event *event)
{
	struct failing *failing = user;

	(void)event;
	failing->host->send(failing->host, 0, NULL, 0);
	failing->host->set_timer(failing->host, 1);
}

static void failing_close(void *user)
{
	(void)user;
}

static const struct vsn_plugin failing_plugin = {
	.name = "failing",
	.version = "1",
	.description = "fails",
	.config_help = "fail=CALLBACK  which one says that it failed\n",
	.open = failing_open,
	.config = failing_config,
	.start = failing_start,
	.peek = failing_peek,
	.message = failing_message,
	.timer = failing_timer,
	.stop = failing_stop,
	.close = failing_close,
	.event = failing_event,
};

VSN_REGISTER_PLUGIN(failing_plugin);
