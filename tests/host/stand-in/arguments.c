/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREDENTIAL         "io.systemd.credential:vmm.notify_socket=vsock-stream:2:"
#define CMDLINE_CREDENTIAL "systemd.set_credential=vmm.notify_socket:vsock-stream:2:"
#define CONFIG_MAX         8192

static void bad(const char *option, const char *value)
{
	fprintf(stderr, "stand-in: the VMM would not take %s %s\n", option, value);
	exit(1);
}

/* the value of "--name VALUE" or "--name=VALUE", NULL if there is none; as in cloud-hypervisor, once */
static const char *option(char *const argv[], const char *name)
{
	size_t length = strlen(name);
	const char *found = NULL;

	for (; *argv; argv++) {
		const char *value = NULL;

		if (strcmp(*argv, name) == 0)
			value = argv[1] ? argv[1] : "";
		else if (strncmp(*argv, name, length) == 0 && (*argv)[length] == '=')
			value = *argv + length + 1;
		if (value && found)
			bad("twice", name);
		if (value)
			found = value;
	}
	return found;
}

/* the value of "key=VALUE" among those that commas separate, which it ends with; false if there is none */
static bool key(const char *list, const char *name, char *value, size_t size)
{
	size_t length = strlen(name);

	while (*list) {
		size_t end = strcspn(list, ",");

		if (strncmp(list, name, length) == 0 && list[length] == '=') {
			int n = snprintf(value, size, "%.*s", (int)(end - length - 1),
			                 list + length + 1);
			return n > 0 && (size_t)n < size;
		}
		list += end + (list[end] == ',');
	}
	return false;
}

static int number(const char *text, const char *option_name)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || n < 0 || n > 65535)
		bad(option_name, text);
	return (int)n;
}

/* What is between "before" and the next '"' in Firecracker's config file, as the test writes it. */
static bool config_value(const char *config, const char *before, char *value, size_t size)
{
	const char *found = strstr(config, before);
	int n;

	if (!found)
		return false;
	found += strlen(before);
	n = snprintf(value, size, "%.*s", (int)strcspn(found, "\""), found);
	return n > 0 && (size_t)n < size;
}

static void read_config(const char *path, struct arguments *arguments)
{
	char config[CONFIG_MAX] = "";
	char port[sizeof(config)];
	FILE *file = fopen(path, "re");

	if (!file || fread(config, 1, sizeof(config) - 1, file) == 0 ||
	    !config_value(config, "\"uds_path\": \"", arguments->vsock, sizeof(arguments->vsock)))
		bad("--config-file", path);
	if (config_value(config, CMDLINE_CREDENTIAL, port, sizeof(port)))
		arguments->port = number(port, "--config-file");
	fclose(file);
}

struct arguments arguments_read(char *const argv[])
{
	struct arguments arguments = {.event_fd = -1};
	const char *value;
	char text[32];

	value = option(argv, "--vsock");
	if (value && (!key(value, "cid", text, sizeof(text)) ||
	              !key(value, "socket", arguments.vsock, sizeof(arguments.vsock))))
		bad("--vsock", value);
	value = option(argv, "--api-socket");
	if (value && !key(value, "path", arguments.api, sizeof(arguments.api)))
		snprintf(arguments.api, sizeof(arguments.api), "%s", value);
	value = option(argv, "--event-monitor");
	if (value && !key(value, "fd", text, sizeof(text)))
		bad("--event-monitor", value);
	if (value)
		arguments.event_fd = number(text, "--event-monitor");
	value = option(argv, "--platform");
	value = value && strstr(value, "oem_strings=[") ? strstr(value, CREDENTIAL) : NULL;
	if (value)
		arguments.port = number(value + strlen(CREDENTIAL), "--platform");
	value = option(argv, "--api-sock");
	if (value)
		snprintf(arguments.api, sizeof(arguments.api), "%s", value);
	value = option(argv, "--config-file");
	if (value)
		read_config(value, &arguments);
	return arguments;
}
