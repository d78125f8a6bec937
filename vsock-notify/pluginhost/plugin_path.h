/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where plugins are: in the folders of $VSOCK_NOTIFY_PLUGIN_PATH (separated by colons) if it is set, otherwise in the folder
 * that was named when the program was built.
 */
#ifndef PLUGIN_PATH_H
#define PLUGIN_PATH_H

#include <stdbool.h>

#define PLUGIN_SUFFIX ".so"

/* Calls visit for each folder, in order, until it returns true. Returns whether it did. */
bool plugin_path_each(bool (*visit)(const char *folder, void *user), void *user);

/*
 * The plugin's file: name itself if it has a '/', else NAME.so in the first folder that has it. Returns a string to be
 * freed, or NULL with errno set (ENOENT: no folder has it).
 */
char *plugin_path_find(const char *name);

#endif
