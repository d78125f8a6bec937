/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private folder for the vsock socket of a VMM whose command line names none. It is $RUNTIME_DIRECTORY (a unit's
 * RuntimeDirectory=, systemd.exec(5)) if that is set, else a new folder in $XDG_RUNTIME_DIR, else a new folder in /tmp.
 */
#ifndef RUNTIME_DIR_H
#define RUNTIME_DIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/failure.h"

struct runtime_dir {
	char *socket; /* path for the vsock socket in the folder; NULL: there is no folder */
	bool given;   /* it is the unit's RuntimeDirectory= */
	char *made;   /* path of the folder if this process made it, and so removes it; else NULL */
};

/*
 * Chooses the folder, and makes it if necessary. pretend: makes nothing, and names a socket in a folder that is there already,
 * so that a command line with it can be run. Returns 0, or a negative errno with the failure set.
 */
int runtime_dir_make(struct runtime_dir *dir, bool pretend, struct failure *failure);

/*
 * Lets another user make the socket in the folder, for a VMM that a launcher starts as that user, of this name: gives the folder
 * away, if this process made it. The unit's is not ours to give away: it has to be that user's to write to. Returns 0, or a
 * negative errno with the failure set.
 */
int runtime_dir_give(const struct runtime_dir *dir, uid_t user, const char *name,
                     struct failure *failure);

/* Frees the memory. Removes the socket and the folder if this process made the folder. */
void runtime_dir_remove(struct runtime_dir *dir);

#endif
