/* SPDX-License-Identifier: Apache-2.0 */
/* Folders watched with inotify(7) (see folder_watch.h). */
#include "folder_watch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fd.h"

#define EVENTS                                                                                 \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | \
	 IN_ONLYDIR)

int folder_watch_init(struct folder_watch *watch)
{
	*watch = (struct folder_watch){.nearest = -1};
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return watch->fd < 0 ? -errno : 0;
}

void folder_watch_deinit(struct folder_watch *watch)
{
	close_fd(&watch->fd);
	for (unsigned i = 0; i < watch->count; i++)
		free(watch->folders[i].path);
	free(watch->folders);
	*watch = (struct folder_watch){.fd = -1, .nearest = -1};
}

static bool is_known(const struct folder_watch *watch, int descriptor, const char *path)
{
	for (unsigned i = 0; i < watch->count; i++)
		if (watch->folders[i].descriptor == descriptor &&
		    strcmp(watch->folders[i].path, path) == 0)
			return true;
	return false;
}

static int remember(struct folder_watch *watch, int descriptor, const char *path)
{
	struct watched_folder *more;

	if (is_known(watch, descriptor, path))
		return 0;
	more = realloc(watch->folders, (watch->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	watch->folders = more;
	more += watch->count;
	more->descriptor = descriptor;
	more->path = strdup(path);
	if (!more->path)
		return -ENOMEM;
	watch->count++;
	return 0;
}

static void forget(struct folder_watch *watch, int descriptor)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < watch->count; i++) {
		if (watch->folders[i].descriptor == descriptor)
			free(watch->folders[i].path);
		else
			watch->folders[kept++] = watch->folders[i];
	}
	watch->count = kept;
}

int folder_watch_add(struct folder_watch *watch, const char *folder)
{
	int descriptor = inotify_add_watch(watch->fd, folder, EVENTS);
	int r;

	if (descriptor < 0)
		return -errno;
	r = remember(watch, descriptor, folder);
	return r < 0 ? r : descriptor;
}

/* Makes the path the one of the folder above. Returns false if there is none. */
static bool go_up(char *folder)
{
	size_t length = strlen(folder);

	while (length > 1 && folder[length - 1] == '/')
		folder[--length] = '\0';
	if (length == 0 || strcmp(folder, "/") == 0 || strcmp(folder, ".") == 0)
		return false;
	while (length > 0 && folder[length - 1] != '/')
		folder[--length] = '\0';
	if (length == 0)
		strcpy(folder, ".");
	return true;
}

/* Returns the descriptor, or a negative errno. *itself: the folder exists, so no folder above it is watched. */
static int add_nearest(struct folder_watch *watch, const char *folder, bool *itself)
{
	char path[PATH_MAX];
	int descriptor;

	snprintf(path, sizeof(path), "%s", folder);
	*itself = true;
	while ((descriptor = folder_watch_add(watch, path)) < 0) {
		if ((descriptor != -ENOENT && descriptor != -ENOTDIR) || !go_up(path))
			return descriptor;
		*itself = false;
	}
	return descriptor;
}

int folder_watch_nearest(struct folder_watch *watch, const char *folder)
{
	bool itself;
	int last;

	/* The folder may have been made just before the one above it was watched: the second try sees that. */
	do {
		int r = add_nearest(watch, folder, &itself);

		if (r < 0)
			return r;
		last = watch->nearest;
		if (last >= 0 && last != r)
			inotify_rm_watch(watch->fd, last);
		watch->nearest = r;
	} while (!itself && watch->nearest != last);
	return 0;
}

void folder_watch_only_nearest(struct folder_watch *watch)
{
	for (unsigned i = 0; i < watch->count; i++)
		if (watch->folders[i].descriptor != watch->nearest)
			inotify_rm_watch(watch->fd, watch->folders[i].descriptor);
}

/* IN_IGNORED is the last event of a watch. */
static void deliver(struct folder_watch *watch, const struct inotify_event *one, folder_event event,
                    void *user)
{
	if (one->mask & IN_IGNORED) {
		forget(watch, one->wd);
		return;
	}
	for (unsigned i = 0; event && i < watch->count; i++)
		if (watch->folders[i].descriptor == one->wd)
			event(user, one->mask, watch->folders[i].path, one->len ? one->name : "");
}

int folder_watch_read(struct folder_watch *watch, folder_event event, void *user)
{
	char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));
	int any = 0;
	ssize_t n;

	while ((n = read(watch->fd, buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR)) {
		for (const char *at = buffer; at < buffer + n;) {
			const struct inotify_event *one = (const void *)at;

			any = 1;
			deliver(watch, one, event, user);
			at += sizeof(*one) + one->len;
		}
	}
	return n < 0 && errno != EAGAIN ? -errno : any;
}
