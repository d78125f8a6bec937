/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a plugin and checks what it registers (see plugin_load.h). Each fault has a line of its own. */
#include "plugin_load.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "plugin_path.h"

/* The struct of ABI 1 as first released: no plugin can have a shorter one. */
#define PLUGIN_SIZE_MIN \
	(offsetof(struct vsn_plugin, close) + sizeof(((struct vsn_plugin *)0)->close))

static int check_registration(const char *path, const struct vsn_registration *registration,
                              struct failure *failure)
{
	if (registration->abi_version == 0 || registration->abi_version > VSN_ABI_VERSION)
		return failure_set(failure, -ENOTSUP,
		                   "plugin %s: made for ABI version %u, this program has 1 to %d: "
		                   "use a plugin and a program of the same release",
		                   path, registration->abi_version, VSN_ABI_VERSION);
	if (registration->plugin_size < PLUGIN_SIZE_MIN)
		return failure_set(failure, -EINVAL,
		                   "plugin %s: its struct vsn_plugin has %u bytes, at least %zu "
		                   "are needed: was VSN_REGISTER_PLUGIN used?",
		                   path, registration->plugin_size, PLUGIN_SIZE_MIN);
	if (!registration->plugin)
		return failure_set(failure, -EINVAL,
		                   "plugin %s: registers no struct vsn_plugin: was "
		                   "VSN_REGISTER_PLUGIN used?",
		                   path);
	return 0;
}

static int check_required(const char *path, const struct vsn_plugin *calls, struct failure *failure)
{
	const struct {
		const char *member;
		bool present;
	} required[] = {
		{"name", calls->name},
		{"open", calls->open},
		{"message", calls->message},
		{"close", calls->close},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(required); i++)
		if (!required[i].present)
			return failure_set(failure, -EINVAL,
			                   "plugin %s: has no %s, which every plugin needs", path,
			                   required[i].member);
	return 0;
}

static int check_name(const char *path, const char *name, struct failure *failure)
{
	const char *file = basename(path);
	size_t length = strlen(name);

	if (length == 0 || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
		return failure_set(failure, -EINVAL,
		                   "plugin %s: calls itself \"%s\": a name is of a-z, 0-9 and '-'",
		                   path, name);
	if (strncmp(file, name, length) != 0 || strcmp(file + length, PLUGIN_SUFFIX) != 0)
		return failure_set(failure, -EINVAL,
		                   "plugin %s: calls itself \"%s\": its file must be named "
		                   "%s" PLUGIN_SUFFIX,
		                   path, name, name);
	return 0;
}

/* Copies as much of the plugin's struct as both sides know; the rest of calls is zero. */
static void take_over(struct plugin *plugin, const struct vsn_registration *registration)
{
	plugin->abi_version = registration->abi_version;
	plugin->struct_size = registration->plugin_size;
	memcpy(&plugin->calls, registration->plugin,
	       min_u64(registration->plugin_size, sizeof(plugin->calls)));
}

static int load_file(struct plugin *plugin, struct failure *failure)
{
	const struct vsn_registration *registration;
	int r;

	plugin->handle = dlopen(plugin->path, RTLD_NOW | RTLD_LOCAL);
	if (!plugin->handle)
		return failure_set(failure, -ENOEXEC, "plugin %s cannot be loaded: %s",
		                   plugin->path, dlerror());
	registration = dlsym(plugin->handle, VSN_REGISTRATION_SYMBOL);
	if (!registration)
		return failure_set(failure, -ENOEXEC,
		                   "plugin %s: exports no " VSN_REGISTRATION_SYMBOL
		                   ": it is no plugin, or VSN_REGISTER_PLUGIN is missing",
		                   plugin->path);
	r = check_registration(plugin->path, registration, failure);
	if (r < 0)
		return r;
	take_over(plugin, registration);
	r = check_required(plugin->path, &plugin->calls, failure);
	if (r < 0)
		return r;
	return check_name(plugin->path, plugin->calls.name, failure);
}

static int find_and_load(struct plugin *plugin, const char *name, struct failure *failure)
{
	plugin->path = plugin_path_find(name);
	if (!plugin->path)
		return failure_set(failure, -errno,
		                   "plugin %s not found: \"vsock-notify plugins\" lists those "
		                   "there are",
		                   name);
	return load_file(plugin, failure);
}

int plugin_load(const char *name, struct plugin **plugin, struct failure *failure)
{
	struct plugin *new = calloc(1, sizeof(*new));
	int r;

	if (!new)
		return -ENOMEM;
	r = find_and_load(new, name, failure);
	if (r < 0) {
		plugin_unload(new);
		return r;
	}
	*plugin = new;
	return 0;
}

void plugin_unload(struct plugin *plugin)
{
	if (plugin->opened)
		plugin->calls.close(plugin->user);
	/* After close, because close may have set it once more. */
	loop_timer_cancel(&plugin->timer);
	if (plugin->handle)
		dlclose(plugin->handle);
	free(plugin->path);
	free(plugin);
}
