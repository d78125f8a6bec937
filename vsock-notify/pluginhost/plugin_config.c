/* SPDX-License-Identifier: Apache-2.0 */
/* How a plugin is configured from the command line (see plugin_config.h). */
#include "plugin_config.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

/* Calls config. A plugin's first error line goes into *failure. */
static int call_config(struct plugin *plugin, const char *key, const char *value,
                       struct failure *failure)
{
	int r;

	if (!plugin->calls.config)
		return -ENOENT;
	plugin->failure = failure;
	plugin_enter(plugin, NULL);
	r = plugin->calls.config(plugin->user, key, value);
	plugin_leave(plugin);
	plugin->failure = NULL;
	return r;
}

int plugin_config(struct plugin *plugin, const char *key, const char *value,
                  struct failure *failure)
{
	const char *name = plugin->calls.name;
	struct failure own = {0};
	int r = call_config(plugin, key, value, &own);

	if (r < 0 && r != -ENOENT && r != -EINVAL && own.line[0])
		return failure_set(failure, r, "%s", own.line);
	/* If there is no failure, or if we say what it is, the plugin's own error line is logged as a line of its own. */
	if (own.line[0])
		log_error("%s", own.line);
	if (r == -ENOENT)
		return failure_set(
			failure, r,
			"plugin %s has no key \"%s\": \"vsock-notify plugins\" lists its keys",
			name, key);
	if (r == -EINVAL)
		return failure_set(
			failure, r,
			"plugin %s: %s=%s: the value is not one it takes; \"vsock-notify "
			"plugins\" says which it does",
			name, key, value);
	if (r < 0)
		return failure_set(failure, r, "plugin %s: %s=%s: %s", name, key, value,
		                   strerror(-r));
	return 0;
}

/* Returns the comma that ends the value: another key=value follows it. NULL: the value ends with the text. */
static char *end_of_value(char *value)
{
	for (char *comma = strchr(value, ','); comma; comma = strchr(comma + 1, ','))
		if (comma[1 + strcspn(comma + 1, ",=")] == '=')
			return comma;
	return NULL;
}

int plugin_config_pairs(struct plugin *plugin, char *pairs, struct failure *failure)
{
	while (pairs) {
		char *key = pairs;
		char *value = strchr(key, '=');
		char *comma;
		int r;

		if (!value || value == key)
			return failure_set(
				failure, -EINVAL,
				"--plugin=%s,%s: what follows a plugin's name is key=value",
				plugin->calls.name, key);
		*value++ = '\0';
		comma = end_of_value(value);
		pairs = comma ? comma + 1 : NULL;
		if (comma)
			*comma = '\0';
		r = plugin_config(plugin, key, value, failure);
		if (r < 0)
			return r;
	}
	return 0;
}
