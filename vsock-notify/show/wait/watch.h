/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders under inotify(7): names that appear in them or go. What else happens to a file, such as being read, wakes nobody.
 * A folder that is not there yet is watched for in the nearest one above it that is.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch {
	int fd;
	int descriptor; /* of watch_nearest(); -1: none */
	int highest;    /* that there was */
	bool itself;    /* descriptor is that of the folder asked for */
};

/*
 * Something is there that was not, or is there no more. name: in the folder of watch_nearest(), empty for that folder itself;
 * NULL: elsewhere.
 */
typedef void (*watch_function)(void *user, uint32_t mask, const char *name);

/* Returns 0, or a negative errno. */
int watch_init(struct watch *watch);
void watch_deinit(struct watch *watch);

/*
 * Watches that folder, or the nearest one that is there, and no more the one of the last call. Returns 0, or a
 * negative errno.
 */
int watch_nearest(struct watch *watch, const char *folder);

/* Watches that folder too, until it is removed. Returns 0, or a negative errno. */
int watch_add(struct watch *watch, const char *folder);

/* Ends what watch_add() began, but for the folder of watch_nearest(). What has happened there is still told. */
void watch_only_nearest(struct watch *watch);

/*
 * Calls for each event that is there; waits for none. Returns 1 where some were lost, so that all is to be looked at anew, 0, or a
 * negative errno.
 */
int watch_read(const struct watch *watch, watch_function event, void *user);

#endif
