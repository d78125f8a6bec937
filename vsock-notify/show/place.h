/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the state file is that an operand of the command line means: a folder, and the names in it that are meant. The file
 * need not exist yet.
 *
 *   /run/vm/vsock             vsock_PORT.state in /run/vm, with any port
 *   /run/vm/vsock_1234        vsock_1234.state; while that does not exist, also vsock_1234_PORT.state, because the
 *                             socket itself may be called vsock_1234
 *   /run/vm/vsock_1234.state  this file
 *   /run/vm                   an existing folder: any state file in it
 *   web                       not a path: the name of a VM (find.h)
 *
 * What an operand means can change, for example when a folder with its path is made. So ask again at each look.
 */
#ifndef PLACE_H
#define PLACE_H

#include <limits.h>
#include <stdbool.h>

#include "base/strv.h"

struct place {
	char folder[PATH_MAX];   /* may not exist; without a slash at the end */
	char name[NAME_MAX + 1]; /* of the file, or its beginning; empty: any name */
	bool whole;              /* name is the whole name; else it is followed by "_PORT.state" */
	bool may_be_port;        /* or by ".state", because name ends like a port */
};

/* Whether an operand is a path, and not the name of a VM. */
bool place_is_path(const char *operand);

/* Looks at what exists, to find out what the operand, which is a path, means now. Returns 0, or -ENAMETOOLONG. */
int place_of(const char *operand, struct place *place);

/*
 * The state file of vsock-notify@NAME.service. The VMM's socket is FOLDER/NAME.vsock; the state file is not beside it, but
 * has a folder of its own: FOLDER/NAME/NAME.state. Returns false if the operand, which is a path, is not such a socket. Pure.
 */
bool place_of_unit(const char *operand, char path[PATH_MAX]);

/* Whether a name ends in "_PORT.state", as those of state files beside a socket do. Pure. */
bool place_has_port(const char *name);

/* Whether the file in the place's folder with this name is meant. Pure. */
bool place_has(const struct place *place, const char *name);

/*
 * Whether a file may be what the operand means, or may have been it at some time: whatever exists now, each way to read
 * the operand counts. For events of a folder that may be gone by now. Pure.
 */
bool place_may_mean(const char *operand, const char *folder, const char *name);

/*
 * Whether name is ".FILE.stopped" or ".FILE.stopped-STATUS", which a last state is written to (state/state_file.h). Stores
 * FILE and STATUS (-1: none). Pure.
 */
bool place_last(const char *name, char file[NAME_MAX + 1], int *status);

/* Whether name is ".FILE.new", which any other state is written to. Stores FILE. Pure. */
bool place_new(const char *name, char file[NAME_MAX + 1]);

/* "FOLDER/NAME", with one slash for the root folder. The caller frees it. NULL: no memory. */
char *place_join(const char *folder, const char *name);

/*
 * Appends the paths of the files that are meant, sorted, and each once: paths may be there already. If the folder does not exist,
 * there are none. Returns 0, or a negative errno.
 */
int place_list(const struct place *place, struct strv *paths);

#endif
