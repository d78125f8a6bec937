/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin that uses all of ABI 1 and says what is done with it: one log line a callback, and a
 * datagram from each that may send. Compiled with the frozen header and with today's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsock-notify-plugin.h"

/* After a message, this soon. */
#define TIMER_USEC 1000

struct life {
	const struct vsn_host *host;
	const char *last; /* the callback before this one */
};

#define SAY(life, ...) (life)->host->log((life)->host, VSN_LOG_INFO, __VA_ARGS__)

static int tell(struct life *life, int send_class, const char *text)
{
	return life->host->send(life->host, send_class, text, strlen(text));
}

static int life_open(const struct vsn_host *host, void **user)
{
	struct life *life = calloc(1, sizeof(*life));

	if (!life)
		return -ENOMEM;
	life->host = host;
	life->last = "open";
	*user = life;
	SAY(life, "open, timer %s", VSN_HOST_HAS(host, set_timer) ? "yes" : "no");
	return 0;
}

static int life_config(void *user, const char *key, const char *value)
{
	struct life *life = user;

	SAY(life, "config %s=[%s] after %s", key, value, life->last);
	life->last = "config";
	return 0;
}

static int life_start(void *user)
{
	struct life *life = user;

	SAY(life, "start after %s", life->last);
	life->last = "start";
	return 0;
}

static int life_peek(void *user, const char *text, size_t length)
{
	struct life *life = user;

	SAY(life, "peek at %.*s after %s", (int)length, text, life->last);
	return VSN_VERDICT_BRIEF;
}

static int life_message(void *user, const struct vsn_message *message)
{
	struct life *life = user;
	const struct vsn_host *host = life->host;

	SAY(life, "message %llu: %s after %s", (unsigned long long)message->id, message->text,
	    life->last);
	life->last = "message";
	if (message->struct_size < sizeof(*message) || message->text[message->length] != '\0' ||
	    message->now_usec == 0)
		return -EPROTO;
	if (host->send(host, VSN_SEND_STATE, "", 0) != -EMSGSIZE)
		return -EPROTO;
	if (VSN_HOST_HAS(host, set_timer))
		host->set_timer(host, message->now_usec + TIMER_USEC);
	if (tell(life, VSN_SEND_PROGRESS, "STATUS=from message") < 0)
		return -EPROTO;
	return host->barrier(host);
}

static void life_timer(void *user, uint64_t now_usec)
{
	struct life *life = user;

	SAY(life, "timer %s after %s", now_usec ? "rang" : "has no time", life->last);
	life->last = "timer";
	tell(life, VSN_SEND_STATE, "STATUS=from timer");
}

static void life_stop(void *user)
{
	struct life *life = user;

	SAY(life, "stop after %s", life->last);
	life->last = "stop";
	tell(life, VSN_SEND_STATE, "STATUS=from stop");
}

static void life_close(void *user)
{
	struct life *life = user;

	SAY(life, "close after %s", life->last);
	free(life);
}

static const struct vsn_plugin life_plugin = {
	.name = "life",
	.version = "1",
	.description = "says what is done with it",
	.config_help = "any=VALUE  is logged\n",
	.open = life_open,
	.config = life_config,
	.start = life_start,
	.peek = life_peek,
	.message = life_message,
	.timer = life_timer,
	.stop = life_stop,
	.close = life_close,
};

VSN_REGISTER_PLUGIN(life_plugin);
