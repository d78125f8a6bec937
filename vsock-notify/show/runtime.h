/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtime directories, and the state files of all VMs in them. State files are one or two folders below a runtime
 * directory: that is where "vsock-notify run", vsock-notify@.service and vm@.service put them (vm@.service has a dynamic
 * user, so its folder is /run/private/vm-NAME).
 *
 * Runtime directories are /run, for root only, and $XDG_RUNTIME_DIR. If $VSOCK_NOTIFY_RUNTIME_PATH is set, its folders,
 * separated by colons, are used instead of both.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "base/strv.h"
#include "folder_watch.h"

/* The runtime directories, separated by colons; empty: there are none. The caller frees it. NULL: no memory. */
char *runtime_path(void);

/* Watches each folder that may contain state files or their folders, if it is readable. Returns 0, or a negative errno. */
int runtime_watch(struct folder_watch *watch);

/* Lists all files that may be state files, by their names. $XDG_RUNTIME_DIR may be below /run: each path is listed once. As place_list(). */
int runtime_list(struct strv *paths);

#endif
