/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what is known about plugins (see plugins_command.h). */
#include "plugins_command.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "pluginhost/plugin_load.h"
#include "pluginhost/plugin_path.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int plugin_dump(const char *name)
{
	const struct vsn_plugin *calls;
	struct plugin *plugin;
	struct failure failure = {0};
	int r = plugin_load(name, &plugin, &failure);

	if (r < 0) {
		log_error("%s", failure_line(&failure, r));
		return EXIT_FAILURE;
	}
	calls = &plugin->calls;
	printf("path=%s\nname=%s\nversion=%s\ndescription=%s\nabi_version=%u\nstruct_size=%u\n",
	       plugin->path, calls->name, or_empty(calls->version), or_empty(calls->description),
	       plugin->abi_version, plugin->struct_size);
#define SHOW_IF_PRESENT(callback)                    \
	do {                                         \
		if (calls->callback)                 \
			puts("has_" #callback "=1"); \
	} while (0)
	SHOW_IF_PRESENT(config);
	SHOW_IF_PRESENT(start);
	SHOW_IF_PRESENT(peek);
	SHOW_IF_PRESENT(timer);
	SHOW_IF_PRESENT(stop);
	SHOW_IF_PRESENT(event);
#undef SHOW_IF_PRESENT
	plugin_unload(plugin);
	return EXIT_SUCCESS;
}

/* Prints the lines of the plugin's help, indented. */
static void print_config_help(const char *help)
{
	while (*help) {
		int length = (int)strcspn(help, "\n");

		printf("    %.*s\n", length, help);
		help += length;
		help += *help == '\n';
	}
}

static bool is_plugin_file(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(PLUGIN_SUFFIX) &&
	       strcmp(name + length - strlen(PLUGIN_SUFFIX), PLUGIN_SUFFIX) == 0;
}

static void show_file(const char *folder, const char *file)
{
	CLEANUP_FREE char *path = NULL;
	struct failure failure = {0};
	struct plugin *plugin;
	int r;

	if (asprintf(&path, "%s/%s", folder, file) < 0) {
		path = NULL;
		return;
	}
	r = plugin_load(path, &plugin, &failure);
	if (r < 0) {
		log_error("%s", failure_line(&failure, r));
		return;
	}
	printf("%s %s - %s\n    %s\n", plugin->calls.name, or_empty(plugin->calls.version),
	       or_empty(plugin->calls.description), plugin->path);
	print_config_help(or_empty(plugin->calls.config_help));
	plugin_unload(plugin);
}

static int select_plugin_file(const struct dirent *entry)
{
	return is_plugin_file(entry->d_name);
}

/* Callback of plugin_path_each(). */
static bool show_folder(const char *folder, void *user)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, select_plugin_file, alphasort);

	(void)user;
	if (count < 0) {
		log_warning("cannot list the plugins in %s: %m", folder);
		return false;
	}
	for (int i = 0; i < count; i++) {
		show_file(folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return false;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct failure failure = {0};
	int operands;
	int r = options_parse(command, argc, argv, NULL, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (operands != argc) {
		log_error("%s: \"vsock-notify plugins\" takes no operand", argv[operands]);
		return EXIT_USAGE;
	}
	plugin_path_each(show_folder, NULL);
	return EXIT_SUCCESS;
}

static const struct option_entry *const no_options[] = {NULL};

const struct command plugins_command = {
	.name = "plugins",
	.synopsis = "",
	.purpose = "List the plugins that are found, with the keys that they take.",
	.options = no_options,
	.run = run,
};
