/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything the plugin header offers, in the common subset of C99 and C++98: compiled with every
 * standard and compiler by test-abi.sh, and, as C++, loaded as a plugin named "header".
 */
#include "vsock-notify-plugin.h"

struct counter {
	const struct vsn_host *host;
	unsigned messages;
};

static struct counter the_counter;

static int header_open(const struct vsn_host *host, void **user)
{
	the_counter.host = host;
	*user = &the_counter;
	if (!VSN_HOST_HAS(host, set_timer))
		return -1;
	host->log(host, VSN_LOG_INFO, "opened by %s, ABI %u", host->version,
	          (unsigned)host->abi_version);
	return 0;
}

static int header_message(void *user, const struct vsn_message *message)
{
	struct counter *counter = (struct counter *)user;

	counter->messages++;
	if (message->length == 0)
		return 0;
	return counter->host->send(counter->host, VSN_SEND_PROGRESS, message->text,
	                           message->length);
}

static int header_peek(void *user, const char *text, size_t length)
{
	(void)user;
	(void)text;
	return length ? VSN_VERDICT_BRIEF : VSN_VERDICT_NONE;
}

static void header_close(void *user)
{
	(void)user;
}

static const struct vsn_plugin header_plugin = {
	"header", "1",         "the header, used", NULL, header_open, NULL,
	NULL,     header_peek, header_message,     NULL, NULL,        header_close,
};

VSN_REGISTER_PLUGIN(header_plugin);
