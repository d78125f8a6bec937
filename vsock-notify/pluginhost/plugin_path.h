/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where plugins are: the folders of $VSOCK_NOTIFY_PLUGIN_PATH (separated by colons) where it is set,
 * otherwise the folder that was set when the program was linked.
 */
#ifndef PLUGIN_PATH_H
#define PLUGIN_PATH_H

#include <stdbool.h>

#define PLUGIN_SUFFIX ".so"

/*
 * Calls visit for each folder in order until it returns true. Returns whether it did.
 */
bool plugin_path_each(bool (*visit)(const char *folder, void *user), void *user);

/*
 * The file of the plugin: name itself where it has a '/', else NAME.so in the first folder that has
 * it. Returns a string to be freed, or NULL with errno set (ENOENT: none has it).
 */
char *plugin_path_find(const char *name);

#endif
