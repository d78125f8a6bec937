/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the state file of an operand is, or is to be, while there may be none yet: a folder, and which names in it are
 * meant.
 *
 *   /run/vm/vsock             vsock_PORT.state beside it, of any port
 *   /run/vm/vsock_1234        vsock_1234.state; while that is not there also vsock_1234_PORT.state, of a socket called so
 *   /run/vm/vsock_1234.state  that file
 *   /run/vm                   a folder: any state file in it
 *   web                       no path: a VM's name (find.h)
 *
 * What an operand means may change: a path where nothing is may become a folder. So it is asked anew at each
 * look.
 */
#ifndef PLACE_H
#define PLACE_H

#include <limits.h>
#include <stdbool.h>

struct place {
	char folder[PATH_MAX];   /* may not be there */
	char name[NAME_MAX + 1]; /* what names begin with, or all of it; empty: any */
	bool whole;              /* name is all of it */
	bool any_port;           /* "_PORT.state" follows name */
	bool may_be_port;        /* or ".state" does: name ends like a port */
};

/* Whether an operand is a path, not a VM's name. */
bool place_is_path(const char *operand);

/* Returns 0, or -ENAMETOOLONG. Looks at what is there, and needs nothing to be. */
int place_of(const char *operand, struct place *place);

/*
 * The state file of vsock-notify@NAME.service, whose VMM's socket is FOLDER/NAME.vsock and whose state is not beside it, but
 * in a folder of its own: FOLDER/NAME/NAME.state. Returns false where operand is no such socket. Pure.
 */
bool place_of_unit(const char *operand, char path[PATH_MAX]);

/* Whether a file of that name in the folder is meant. Pure. */
bool place_has(const struct place *place, const char *name);

/* Whether name is ".FILE" of a last state (state/state_file.h), and which file's. status: -1: it names none. Pure. */
bool place_last(const char *name, char file[NAME_MAX + 1], int *status);

/* Whether name is ".FILE" of a state that is being written, by one who goes on. Pure. */
bool place_new(const char *name, char file[NAME_MAX + 1]);

/*
 * The paths of the files there that are meant: *count of them, sorted, each to be freed, and the array. Returns 0, or a
 * negative errno; where there is no such folder there are none.
 */
int place_list(const struct place *place, char ***paths, unsigned *count);

void place_list_free(char **paths, unsigned count);

#endif
