/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state file, kept in place: each state is written beside it and renamed over it, so that a reader finds a
 * whole one, and inotify(7) tells of it (IN_MOVED_TO).
 *
 * The last state is followed by the removal of the file, before anybody may have read it. So the file that the
 * last one is written to has a name of its own, which a watch of the folder tells, whatever
 * happens then: STATE_FILE_LAST, and the exit status where there is one.
 *
 * Everything is opened in open, so that a confined process needs no more than to make, rename and remove files
 * in one folder.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "state.h"

#define STATE_FILE_SUFFIX ".state"

/* Where NAME is written before it is in place: ".NAME" and one of these. The last may have a number after it. */
#define STATE_FILE_NEW  ".new"
#define STATE_FILE_LAST ".stopped"

/* So long the name may be: ".NAME" and a suffix such as ".stopped-255" is a name, too. */
#define STATE_FILE_NAME_MAX (NAME_MAX - 24)

struct state_file {
	int folder_fd; /* negative: there is no file */
	char name[STATE_FILE_NAME_MAX + 1];
	mode_t mode;
	gid_t group; /* -1: as it comes */
};

/* What opening may find. */
#define STATE_FILE_FOREIGN (-EEXIST)

/*
 * Opens the folder of path; group (gid_t)-1: as it comes. Returns 0, STATE_FILE_FOREIGN for a file that is there and is none
 * of ours, -ENAMETOOLONG, or another negative errno.
 */
int state_file_open(struct state_file *file, const char *path, mode_t mode, gid_t group);

/*
 * Reads the state that is in place. Only a regular file of our own user is read, in a folder that is in memory: a file on a
 * disk may be of another boot, which had other processes. Returns 0 or a negative errno.
 */
int state_file_read(const struct state_file *file, struct state *state);

/* Puts the state in place. Returns 0 or a negative errno. */
int state_file_replace(const struct state_file *file, const struct state *state);

/* Puts the last state in place, under its name, and removes it unless it is to be kept. Likewise. */
int state_file_finish(const struct state_file *file, const struct state *state, bool keep);

void state_file_close(struct state_file *file);

#endif
