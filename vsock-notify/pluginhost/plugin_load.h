/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a plugin's file and checks what it registers. */
#ifndef PLUGIN_LOAD_H
#define PLUGIN_LOAD_H

#include "plugin.h"

/*
 * Finds name (a plugin's name, or a path with a '/'), loads it and checks what it registers. Returns 0 with *plugin, to be
 * freed by plugin_unload(), or a negative errno with the reason in *failure.
 */
int plugin_load(const char *name, struct plugin **plugin, struct failure *failure);

/* Calls close if open succeeded, unloads and frees. */
void plugin_unload(struct plugin *plugin);

#endif
