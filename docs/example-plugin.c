/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An example of a vsock-notify plugin, named "example": counts a guest's messages, logs its host name,
 * and tells the service manager of a guest that has fallen silent.
 *
 *	cc -shared -fPIC -fvisibility=hidden -o example.so example-plugin.c
 *	vsock-notify serve --plugin=notify --plugin=./example.so,silence=60 /run/vm/vsock
 *
 * docs/plugins.md explains each callback. Copy this file, and with it these two rules: everything that
 * the plugin remembers is in its own struct, and guest bytes are no format and end at length.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vsock-notify-plugin.h>

#define USEC_PER_SEC 1000000u
#define SILENCE_MAX  86400u /* seconds */

struct example {
	const struct vsn_host *host;
	unsigned long messages;
	unsigned silence; /* seconds; 0: not watched */
};

static int example_open(const struct vsn_host *host, void **user)
{
	struct example *example = calloc(1, sizeof(*example));

	if (!example)
		return -ENOMEM;
	example->host = host;
	*user = example;
	return 0;
}

static int example_config(void *user, const char *key, const char *value)
{
	struct example *example = user;
	unsigned long seconds;
	char *end;

	if (strcmp(key, "silence") != 0)
		return -ENOENT;
	if (*value < '0' || *value > '9')
		return -EINVAL;
	errno = 0;
	seconds = strtoul(value, &end, 10);
	if (*end || errno || seconds > SILENCE_MAX)
		return -EINVAL;
	example->silence = (unsigned)seconds;
	return 0;
}

/* The value of the line "NAME=value" in text, and its length; NULL where there is no such line. */
static const char *find_value(const char *text, size_t length, const char *name,
                              size_t *value_length)
{
	const size_t name_length = strlen(name);
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;
		const size_t line_length = (size_t)(line_end - text);

		if (line_length > name_length && text[name_length] == '=' &&
		    memcmp(text, name, name_length) == 0) {
			*value_length = line_length - name_length - 1;
			return text + name_length + 1;
		}
		text = newline ? newline + 1 : end;
	}
	return NULL;
}

static int example_message(void *user, const struct vsn_message *message)
{
	struct example *example = user;
	const struct vsn_host *host = example->host;
	size_t length;
	const char *name =
		find_value(message->text, message->length, "X_SYSTEMD_HOSTNAME", &length);

	example->messages++;
	if (name)
		host->log(host, VSN_LOG_INFO, "the guest is %.*s", (int)length, name);
	if (example->silence)
		host->set_timer(host,
		                message->now_usec + (uint64_t)example->silence * USEC_PER_SEC);
	return 0;
}

static void example_timer(void *user, uint64_t now_usec)
{
	static const char status[] = "STATUS=Guest has fallen silent.";
	struct example *example = user;

	(void)now_usec;
	example->host->send(example->host, VSN_SEND_PROGRESS, status, strlen(status));
}

static void example_stop(void *user)
{
	struct example *example = user;

	example->host->log(example->host, VSN_LOG_INFO, "%lu messages in all", example->messages);
}

static void example_close(void *user)
{
	free(user);
}

static const struct vsn_plugin example_plugin = {
	.name = "example",
	.version = "1",
	.description = "counts messages, logs the guest's host name, tells of silence",
	.config_help =
		"silence=SECONDS  tell the service manager after so long without a message\n",
	.open = example_open,
	.config = example_config,
	.message = example_message,
	.timer = example_timer,
	.stop = example_stop,
	.close = example_close,
};

VSN_REGISTER_PLUGIN(example_plugin);
