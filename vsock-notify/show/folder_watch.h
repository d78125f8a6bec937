/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders watched with inotify(7): which names appear in them, and which go. Other changes of a file, and reading it, wake
 * nobody. For a folder that does not exist, the nearest existing folder above it is watched.
 *
 * An event may be read long after it happened: by then its folder may be gone, or may have been made anew, or another
 * folder may be watched. So every event comes with the path of the folder that it happened in, and the events of a
 * folder are delivered until the last one, also after the watch has ended.
 */
#ifndef FOLDER_WATCH_H
#define FOLDER_WATCH_H

#include <stdint.h>

/* One folder, as inotify(7) and as the caller names it. A folder with two paths has two of these. */
struct watched_folder {
	int descriptor; /* of the watch; the next watch has another number, also of the same path */
	char *path;
};

struct folder_watch {
	int fd;                         /* readable: there are events */
	int nearest;                    /* descriptor of folder_watch_nearest(); -1: none */
	struct watched_folder *folders; /* whose events may still come */
	unsigned count;
};

/* mask: of inotify(7). name: of the file; empty: the event is about the folder itself. */
typedef void (*folder_event)(void *user, uint32_t mask, const char *folder, const char *name);

/* Returns 0, or a negative errno. */
int folder_watch_init(struct folder_watch *watch);
void folder_watch_deinit(struct folder_watch *watch);

/*
 * Watches this folder or the nearest existing one above it, in place of the folder of the last call. Returns 0, or a
 * negative errno.
 */
int folder_watch_nearest(struct folder_watch *watch, const char *folder);

/* Watches this folder too, until it is removed. Returns the watch's descriptor, or a negative errno. */
int folder_watch_add(struct folder_watch *watch, const char *folder);

/* Ends all watches but the one of folder_watch_nearest(). Events that are in the queue are still delivered. */
void folder_watch_only_nearest(struct folder_watch *watch);

/*
 * Calls event, unless it is NULL, for each event in the queue, once for each path of its folder, and does not wait. Returns 1 if there were
 * events, 0, or a negative errno. The kernel may have dropped events because its queue was full, so after a 1 look at the
 * folders again.
 */
int folder_watch_read(struct folder_watch *watch, folder_event event, void *user);

#endif
