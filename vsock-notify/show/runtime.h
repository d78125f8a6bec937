/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state files of all VMs: below /run for root, below $XDG_RUNTIME_DIR, one or two folders deep, where "vsock-notify run",
 * vm@.service (/run/private/vm-NAME, as its user is a dynamic one) and vsock-notify@.service have them. $VSOCK_NOTIFY_RUNTIME_PATH,
 * folders separated by colons, is in place of both.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "show/wait/watch.h"

/* The folders, separated by colons, to be freed. NULL: there is no memory. Empty: there is none. */
char *runtime_path(void);

/*
 * Calls for each folder where state files, or folders with some, may be: those of runtime_path() and, two deep, what is in them.
 * Symbolic links are not followed: two names of one folder are one. Stops at the first that is not 0, and returns it.
 */
int runtime_folders(int (*found)(void *user, const char *folder, unsigned depth), void *user);

/* Watches them, but for those that may not be looked into. Returns 0, or a negative errno. */
int runtime_watch(struct watch *watch);

/* The paths of all files there that may be states, as place_list() gives them. */
int runtime_list(char ***paths, unsigned *count);

#endif
