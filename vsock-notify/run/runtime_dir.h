/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private folder for the vsock socket of a VMM that was given none: $RUNTIME_DIRECTORY (a unit's
 * RuntimeDirectory=, systemd.exec(5)), else a new folder below $XDG_RUNTIME_DIR, else one below /tmp.
 */
#ifndef RUNTIME_DIR_H
#define RUNTIME_DIR_H

#include <stdbool.h>

struct runtime_dir {
	char *socket; /* the path for the vsock socket in it; NULL: not made */
	char *made;   /* the folder that was made here, to be removed; NULL: somebody else's */
};

/*
 * Makes it. pretend: makes nothing, and gives a path like the one it would be. Returns 0, or a
 * negative errno after an error line.
 */
int runtime_dir_make(struct runtime_dir *dir, bool pretend);

/* Frees it, and removes the folder where it was made here, with the socket. */
void runtime_dir_remove(struct runtime_dir *dir);

#endif
