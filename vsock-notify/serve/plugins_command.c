/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what is known about plugins: "vsock-notify plugins" for people, "serve --dump-plugin" for scripts. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "commands.h"
#include "pluginhost/plugin_load.h"
#include "pluginhost/plugin_path.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Returns NULL, with an error logged, if it cannot be loaded. */
static struct plugin *load(const char *name)
{
	struct failure failure = {0};
	struct plugin *plugin;
	int r = plugin_load(name, &plugin, &failure);

	if (r == 0)
		return plugin;
	log_error("%s", failure_line(&failure, r));
	return NULL;
}

int plugin_dump(const char *name)
{
	struct plugin *plugin = load(name);
	const struct vsn_plugin *calls;

	if (!plugin)
		return EXIT_FAILURE;
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

static void show_file(const char *folder, const char *file)
{
	CLEANUP_FREE char *path = NULL;
	struct plugin *plugin;

	if (asprintf(&path, "%s/%s", folder, file) < 0) {
		path = NULL;
		return;
	}
	plugin = load(path);
	if (!plugin)
		return;
	printf("%s %s - %s\n    %s\n", plugin->calls.name, or_empty(plugin->calls.version),
	       or_empty(plugin->calls.description), plugin->path);
	print_config_help(or_empty(plugin->calls.config_help));
	plugin_unload(plugin);
}

static int is_plugin_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > strlen(PLUGIN_SUFFIX) &&
	       strcmp(entry->d_name + length - strlen(PLUGIN_SUFFIX), PLUGIN_SUFFIX) == 0;
}

static void show_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_plugin_file, alphasort);

	if (count < 0) {
		log_warning("cannot list the plugins in %s: %m", folder);
		return;
	}
	for (int i = 0; i < count; i++) {
		show_file(folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static int run(const struct command *command, int argc, char **argv)
{
	CLEANUP_FREE char *folders = NULL;
	struct failure failure = {0};
	char *rest, *folder;
	int operands;
	int r = options_parse(command, argc, argv, NULL, &operands, &failure);

	if (r != 0)
		return options_exit_status(r, &failure);
	if (operands != argc) {
		log_error("%s: \"vsock-notify plugins\" takes no operand", argv[operands]);
		return EXIT_USAGE;
	}
	folders = rest = plugin_path_folders();
	while ((folder = plugin_path_next(&rest)))
		show_folder(folder);
	return EXIT_SUCCESS;
}

const struct command plugins_command = {
	.name = "plugins",
	.synopsis = "",
	.purpose = "List the plugins that are found, with the keys that they take.",
	.options = (const struct option_entry *const[]){NULL},
	.run = run,
};
