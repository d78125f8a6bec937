/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state file. Each state is written to a new file beside it, which is renamed over it. So a reader finds a whole state, and
 * inotify(7) has an event for each (IN_MOVED_TO).
 *
 * After the last state the file is removed, perhaps before a reader has opened it. So the last state's new file has a name of
 * its own, STATE_FILE_LAST and the exit status if there is one, and a watch of the folder has that name in its event.
 *
 * The folder is opened in state_file_open(). A confined process then only makes, renames and removes files in it.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "state.h"

#define STATE_FILE_SUFFIX ".state"

/* The new file of NAME is called ".NAME" and one of these; after the last one "-STATUS" may follow. */
#define STATE_FILE_NEW  ".new"
#define STATE_FILE_LAST ".stopped"

/* The longest name: ".NAME.stopped-255" must still be one. */
#define STATE_FILE_NAME_MAX (NAME_MAX - 24)

struct state_file {
	int folder_fd; /* negative: no file is kept */
	char name[STATE_FILE_NAME_MAX + 1];
	mode_t mode;
	gid_t group; /* -1: as the system sets it */
};

/* There is a file of that name that is not a state. */
#define STATE_FILE_FOREIGN (-EEXIST)

/*
 * Opens the folder of path. group: see struct state_file. Returns 0, STATE_FILE_FOREIGN, -ENAMETOOLONG, or another negative
 * errno.
 */
int state_file_open(struct state_file *file, const char *path, mode_t mode, gid_t group);

/*
 * Reads the state that is in place. Only a regular file of our own user is read, in a folder that is in memory: a file on a
 * disk may be of another boot, which had other processes. Returns 0 or a negative errno.
 */
int state_file_read(const struct state_file *file, struct state *state);

/* Puts the state in place. Returns 0 or a negative errno. */
int state_file_replace(const struct state_file *file, const struct state *state);

/*
 * Puts the last state in place by way of its own name, and then removes the file unless it is to be kept. Returns 0 or a
 * negative errno.
 */
int state_file_finish(const struct state_file *file, const struct state *state, bool keep);

void state_file_close(struct state_file *file);

#endif
