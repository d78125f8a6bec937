/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where plugins are: in the folders of $VSOCK_NOTIFY_PLUGIN_PATH (separated by colons) if it is set, otherwise in the folder
 * that was named when the program was built.
 */
#ifndef PLUGIN_PATH_H
#define PLUGIN_PATH_H

#define PLUGIN_SUFFIX ".so"

/* The folders as one string, to be freed. NULL: no memory, or the program's own path is not known. */
char *plugin_path_folders(void);

/* Takes the first folder off such a string. NULL: there is none left. */
char *plugin_path_next(char **folders);

/*
 * The plugin's file: name itself if it has a '/', else NAME.so in the first folder that has it. Returns a string to be
 * freed, or NULL with errno set (ENOENT: no folder has it).
 */
char *plugin_path_find(const char *name);

#endif
