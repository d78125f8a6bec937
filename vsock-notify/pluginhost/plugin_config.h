/* SPDX-License-Identifier: Apache-2.0 */
/* What follows a plugin's name in --plugin=NAME,key=value,...: its grammar, and how a plugin is given a key. */
#ifndef PLUGIN_CONFIG_H
#define PLUGIN_CONFIG_H

#include "plugin.h"

/*
 * Gives one key=value to an open plugin. Returns 0, or a negative errno with the reason in *failure: the plugin's own error
 * line if it had one, else ours.
 */
int plugin_config(struct plugin *plugin, const char *key, const char *value,
                  struct failure *failure);

/*
 * Splits "key=value,key=value,..." in place and gives each to the plugin; pairs may be NULL. A part after a comma that has
 * no '=' belongs to the value before it. Returns 0, or a negative errno with the reason in *failure.
 */
int plugin_config_pairs(struct plugin *plugin, char *pairs, struct failure *failure);

#endif
