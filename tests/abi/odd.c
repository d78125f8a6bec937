/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin with one thing wrong: test-abi.sh compiles it anew for each, with -D for the part that
 * differs. As it stands here nothing is wrong; it logs each configuration pair.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsock-notify-plugin.h"

#ifndef NAME
#define NAME "odd"
#endif
#ifndef OPEN
#define OPEN odd_open
#endif
#ifndef CONFIG
#define CONFIG odd_config
#endif
#ifndef MESSAGE
#define MESSAGE odd_message
#endif
#ifndef CLOSE
#define CLOSE odd_close
#endif
#ifndef OPEN_RESULT
#define OPEN_RESULT 0
#endif
#ifndef START_RESULT
#define START_RESULT 0
#endif
#ifndef MESSAGE_RESULT
#define MESSAGE_RESULT 0
#endif
#ifndef CLOSING
#define CLOSING (void)0
#endif
#ifndef ABI
#define ABI VSN_ABI_VERSION
#endif
#ifndef SIZE
#define SIZE sizeof(odd_plugin)
#endif
#ifndef PLUGIN
#define PLUGIN (const struct vsn_plugin *)(const void *)&odd_plugin
#endif
#ifndef SYMBOL
#define SYMBOL vsock_notify_plugin
#endif

static const struct vsn_host *host;

__attribute__((unused)) static int odd_open(const struct vsn_host *given, void **user)
{
	host = given;
	*user = NULL;
	return OPEN_RESULT;
}

/* "number" takes digits; "broken" fails for a reason that it logs; "a", "b" and "c" take anything. */
__attribute__((unused)) static int odd_config(void *user, const char *key, const char *value)
{
	(void)user;
	host->log(host, VSN_LOG_INFO, "config %s=[%s]", key, value);
	if (strcmp(key, "number") == 0)
		return *value && strspn(value, "0123456789") == strlen(value) ? 0 : -EINVAL;
	if (strcmp(key, "broken") == 0) {
		host->log(host, VSN_LOG_ERROR, "broken=%s: no access to it", value);
		return -EACCES;
	}
	return strlen(key) == 1 && *key >= 'a' && *key <= 'c' ? 0 : -ENOENT;
}

static int odd_start(void *user)
{
	(void)user;
	return START_RESULT;
}

__attribute__((unused)) static int odd_message(void *user, const struct vsn_message *message)
{
	(void)user;
	(void)message;
	return MESSAGE_RESULT;
}

__attribute__((unused)) static void odd_close(void *user)
{
	(void)user;
	CLOSING;
}

#define CALLS                                                                                 \
	{                                                                                     \
		.name = NAME, .version = "1", .description = "one thing wrong", .open = OPEN, \
		.config = CONFIG, .start = odd_start, .message = MESSAGE, .close = CLOSE,     \
	}

#ifdef NEWER
/* The struct as a later header may have it. The shim knows nothing of what was appended. */
static const struct {
	struct vsn_plugin calls;
	void (*added)(void);
	const void *more[2];
} odd_plugin = {CALLS, abort, {&odd_plugin, &odd_plugin}};
#else
__attribute__((unused)) static const struct vsn_plugin odd_plugin = CALLS;
#endif

extern const struct vsn_registration SYMBOL;
VSN_EXPORT const struct vsn_registration SYMBOL = {ABI, (uint32_t)(SIZE), PLUGIN};
