/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: what a user writes about plugins and options. The first byte says what follows:
 *
 *   0  --plugin=NAME,key=value,...: plugin_list_add()'s splitting, with a plugin that takes down what it is
 *      given, and with the notify plugin, whose every key is so reached
 *   1  the arguments of "vsock-notify serve", each ended by a NUL
 *   2  those of "vsock-notify run"
 *
 * Plugins are not loaded from files here: plugin_load() and plugin_unload() are this file's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bridge/bridge_options.h"
#include "fuzz.h"
#include "pluginhost/plugin_list.h"
#include "pluginhost/plugin_load.h"
#include "run/run_command.h"
#include "run/run_options.h"
#include "serve/commands.h"

#define ARGUMENTS_MAX 24
#define TAKEN_MAX     (64 * 1024)

extern const struct vsn_registration vsock_notify_plugin;

/* "key=value" of each pair that was taken, with commas in between, as it was written. */
static char taken[TAKEN_MAX];
static size_t taken_length;

static int taker_open(const struct vsn_host *host, void **user)
{
	*user = (void *)(uintptr_t)host;
	taken_length = 0;
	taken[0] = '\0';
	return 0;
}

static int taker_config(void *user, const char *key, const char *value)
{
	int n;

	(void)user;
	FUZZ_CHECK(*key && !strchr(key, '='));
	n = snprintf(taken + taken_length, sizeof(taken) - taken_length, "%s%s=%s",
	             taken_length ? "," : "", key, value);
	FUZZ_CHECK(n > 0 && (size_t)n < sizeof(taken) - taken_length);
	taken_length += (size_t)n;
	return 0;
}

static int taker_message(void *user, const struct vsn_message *message)
{
	(void)user;
	(void)message;
	return 0;
}

static void taker_close(void *user)
{
	FUZZ_CHECK(user);
}

static const struct vsn_plugin taker = {
	.name = "taker",
	.open = taker_open,
	.config = taker_config,
	.message = taker_message,
	.close = taker_close,
};

static unsigned loaded;

int plugin_load(const char *name, struct plugin **plugin, struct failure *failure)
{
	const struct vsn_plugin *calls = vsock_notify_plugin.plugin;

	if (*name == 't')
		calls = &taker;
	else if (*name != 'n')
		return failure_set(failure, -ENOENT, "none");
	*plugin = calloc(1, sizeof(**plugin));
	FUZZ_CHECK(*plugin);
	(*plugin)->calls = *calls;
	loaded++;
	return 0;
}

void plugin_unload(struct plugin *plugin)
{
	if (plugin->opened)
		plugin->calls.close(plugin->user);
	free(plugin);
	loaded--;
}

static int add(struct plugin_list *list, const char *name, const char *pairs)
{
	char *specification = NULL;
	struct failure failure = {0};
	int r;

	FUZZ_CHECK(asprintf(&specification, "%s%s%s", name, *pairs ? "," : "", pairs) > 0);
	r = plugin_list_add(list, specification, NULL, NULL, &failure);
	FUZZ_CHECK(!failure.line[0] == (r == 0));
	free(specification);
	return r;
}

static void check_plugin(const char *pairs)
{
	struct plugin_list list = {0};
	int r = add(&list, "taker", pairs);
	const char *equals = strchr(pairs, '=');
	/* A comma with a '=' right behind it begins a pair without a key. */
	bool good = !*pairs || (equals && equals != pairs && !strstr(equals, ",="));

	/* Nothing is lost, added or put in another order. */
	FUZZ_CHECK(r == (good ? 0 : -EINVAL));
	if (r == 0)
		FUZZ_CHECK(strcmp(taken, pairs) == 0);
	FUZZ_CHECK((plugin_list_find(&list, "taker") != NULL) == (r == 0));
	if (r == 0)
		FUZZ_CHECK(add(&list, "taker", pairs) == -EEXIST);
	r = add(&list, "notify", pairs);
	FUZZ_CHECK(r == 0 || r == -EINVAL || r == -ENOENT || r == -EPERM);
	if (r == 0)
		FUZZ_CHECK(plugin_list_start(&list, NULL) <= 0);
	plugin_list_unload(&list);
	FUZZ_CHECK(loaded == 0);
}

/* What bridge.c and the listener rely on. */
static void check_serve_options(const struct bridge_options *options)
{
	FUZZ_CHECK(options->port > 0 && options->port < UINT32_MAX);
	FUZZ_CHECK(options->plugin_count <= BRIDGE_PLUGINS_MAX);
	for (unsigned i = 0; i < options->plugin_count; i++)
		FUZZ_CHECK(*options->plugins[i] && *options->plugins[i] != ',');
	FUZZ_CHECK(options->notify_key_count <= BRIDGE_NOTIFY_KEYS_MAX);
	FUZZ_CHECK(options->frame_timeout_usec >= USEC_PER_MSEC &&
	           options->frame_timeout_usec <= 3600 * USEC_PER_SEC);
	FUZZ_CHECK(options->max_connections > 0 &&
	           options->max_connections <= BRIDGE_CONNECTIONS_MAX);
	FUZZ_CHECK((options->listener.mode & ~(mode_t)0666) == 0);
	FUZZ_CHECK(options->waiting.settle_usec <= WAITING_SETTLE_MAX_USEC);
}

/* getopt_long(3) remembers where it was in the last argument of another input. */
static void forget_last_arguments(void)
{
	char *none[] = {(char[]){"none"}, NULL};

	optind = 0;
	FUZZ_CHECK(getopt(1, none, "") == -1);
}

static void check_arguments(const struct command *command, struct fuzz_input *input)
{
	char *arguments[ARGUMENTS_MAX + 2] = {(char[]){"command"}};
	struct run_options options; /* run's begin with serve's */
	struct failure failure = {0};
	int count = 1, operands = 0, r;

	while (input->left && count <= ARGUMENTS_MAX)
		arguments[count++] = fuzz_next_string(input);
	run_options_init(&options);
	forget_last_arguments();
	r = options_parse(command, count, arguments, &options, &operands, &failure);
	FUZZ_CHECK(r == 0 || r == OPTIONS_HELP || (r == -EINVAL && failure.line[0]));
	if (r == 0) {
		FUZZ_CHECK(operands >= 1 && operands <= count);
		check_serve_options(&options.serve);
		FUZZ_CHECK(options.stop_timeout_usec > 0);
		FUZZ_CHECK(!options.vsock || *options.vsock);
	}
	for (int i = 1; i < count; i++)
		free(arguments[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size < TAKEN_MAX / 2 ? size : TAKEN_MAX / 2};
	uint8_t what = fuzz_byte(&input);
	char *pairs;

	switch (what % 3) {
	case 0:
		pairs = fuzz_next_string(&input);
		check_plugin(pairs);
		free(pairs);
		break;
	case 1:
		check_arguments(&serve_command, &input);
		break;
	case 2:
		check_arguments(&run_command, &input);
		break;
	}
	return 0;
}
