/* SPDX-License-Identifier: Apache-2.0 */
/* Folders under inotify(7) (see watch.h). */
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fd.h"

#define EVENTS                                                                                 \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | \
	 IN_ONLYDIR)

int watch_init(struct watch *watch)
{
	*watch = (struct watch){.descriptor = -1};
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return watch->fd < 0 ? -errno : 0;
}

void watch_deinit(struct watch *watch)
{
	close_fd(&watch->fd);
}

static int add(struct watch *watch, const char *folder)
{
	int descriptor = inotify_add_watch(watch->fd, folder, EVENTS);

	if (descriptor < 0)
		return -errno;
	if (descriptor > watch->highest)
		watch->highest = descriptor;
	return descriptor;
}

int watch_add(struct watch *watch, const char *folder)
{
	int r = add(watch, folder);

	return r < 0 ? r : 0;
}

/* Makes it the folder above; false where there is none. */
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

static int add_nearest(struct watch *watch, const char *folder, bool *itself)
{
	char path[PATH_MAX];
	int descriptor;

	snprintf(path, sizeof(path), "%s", folder);
	*itself = true;
	while ((descriptor = add(watch, path)) < 0) {
		if ((descriptor != -ENOENT && descriptor != -ENOTDIR) || !go_up(path))
			return descriptor;
		*itself = false;
	}
	return descriptor;
}

int watch_nearest(struct watch *watch, const char *folder)
{
	int last;

	/* A folder that is made just before the one above it is watched is seen at the second try. */
	do {
		int r = add_nearest(watch, folder, &watch->itself);

		if (r < 0)
			return r;
		last = watch->descriptor;
		if (last >= 0 && last != r)
			inotify_rm_watch(watch->fd, last);
		watch->descriptor = r;
	} while (!watch->itself && watch->descriptor != last);
	return 0;
}

void watch_only_nearest(struct watch *watch)
{
	for (int descriptor = 1; descriptor <= watch->highest; descriptor++)
		if (descriptor != watch->descriptor)
			inotify_rm_watch(watch->fd, descriptor);
}

static const char *name_of(const struct watch *watch, const struct inotify_event *event)
{
	if (event->wd != watch->descriptor || !watch->itself)
		return NULL;
	return event->len ? event->name : "";
}

int watch_read(const struct watch *watch, watch_function event, void *user)
{
	char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));
	int lost = 0;
	ssize_t n;

	while ((n = read(watch->fd, buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR)) {
		for (const char *at = buffer; at < buffer + n;) {
			const struct inotify_event *one = (const void *)at;

			if (one->mask & IN_Q_OVERFLOW)
				lost = 1;
			else if (!(one->mask & IN_IGNORED))
				event(user, one->mask, name_of(watch, one));
			at += sizeof(*one) + one->len;
		}
	}
	return n < 0 && errno != EAGAIN ? -errno : lost;
}
