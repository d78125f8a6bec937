/* SPDX-License-Identifier: Apache-2.0 */
/* A state file, kept in place (theory: state_file.h). */
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/fd.h"
#include "state_format.h"

/* Nothing that is in the file's place is waited for, or followed. */
#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* A state's text is shorter: every byte of it escaped takes four. */
#define STATE_FILE_MAX 131072

/* Whether what is there may be replaced: an older state, or nothing in it at all. */
static int may_replace(const struct state_file *file)
{
	char bytes[sizeof(STATE_FIRST_KEY) - 1];
	int fd = openat(file->folder_fd, file->name, READ_FLAGS);
	struct stat status;
	ssize_t n = 0;

	if (fd < 0 && errno == EACCES)
		return -EACCES;
	if (fd < 0)
		return errno == ENOENT ? 0 : STATE_FILE_FOREIGN;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		n = -1;
	else if (status.st_size > 0)
		n = pread(fd, bytes, sizeof(bytes), 0);
	close(fd);
	if (n == 0 || (n == sizeof(bytes) && memcmp(bytes, STATE_FIRST_KEY, sizeof(bytes)) == 0))
		return 0;
	return STATE_FILE_FOREIGN;
}

int state_file_open(struct state_file *file, const char *path, mode_t mode, gid_t group)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char folder[PATH_MAX];
	int r;

	*file = (struct state_file){.folder_fd = -1, .mode = mode, .group = group};
	if (!*name || strlen(name) > STATE_FILE_NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(file->name, name);
	/* With the slash: for "/name" it is the whole folder. */
	r = snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 1,
	             slash ? path : ".");
	if ((size_t)r >= sizeof(folder))
		return -ENAMETOOLONG;
	file->folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (file->folder_fd < 0)
		return -errno;
	r = may_replace(file);
	if (r < 0)
		state_file_close(file);
	return r;
}

static bool is_in_memory(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 &&
	       (status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC);
}

/* Returns the length, or a negative errno. */
static ssize_t read_text(int fd, char *text)
{
	size_t used = 0;
	ssize_t n;

	do {
		n = pread(fd, text + used, STATE_FILE_MAX - used, (off_t)used);
		if (n < 0)
			return -errno;
		used += (size_t)n;
	} while (n > 0);
	text[used] = '\0';
	return (ssize_t)used;
}

/* Returns a descriptor of the file if it may be read, or a negative errno. */
static int open_own(const struct state_file *file)
{
	CLEANUP_FD int fd = openat(file->folder_fd, file->name, READ_FLAGS);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || !is_in_memory(fd))
		return -EPERM;
	return steal_fd(&fd);
}

int state_file_read(const struct state_file *file, struct state *state)
{
	CLEANUP_FD int fd = open_own(file);
	char *text;
	ssize_t length;
	int r;

	if (fd < 0)
		return fd;
	text = malloc(STATE_FILE_MAX + 1);
	if (!text)
		return -ENOMEM;
	length = read_text(fd, text);
	if (length < 0)
		r = (int)length;
	else
		r = state_read(state, text, NULL) == STATE_FINE ? 0 : -EBADMSG;
	free(text);
	return r;
}

static int make_new(const struct state_file *file, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = openat(file->folder_fd, name, flags, 0600);

	/* Of one of us that was killed. */
	if (fd < 0 && errno == EEXIST) {
		unlinkat(file->folder_fd, name, 0);
		fd = openat(file->folder_fd, name, flags, 0600);
	}
	return fd < 0 ? -errno : fd;
}

/* What others may do comes after whose it is. */
static int fill(const struct state_file *file, const struct state *state, int fd)
{
	int r = state_write(state, fd);

	if (r == 0 && file->group != (gid_t)-1 && fchown(fd, (uid_t)-1, file->group) < 0)
		r = -errno;
	if (r == 0 && fchmod(fd, file->mode) < 0)
		r = -errno;
	return r;
}

/* By way of the name, in the same folder. */
static int put(const struct state_file *file, const struct state *state, const char *by)
{
	int fd = make_new(file, by);
	int r;

	if (fd < 0)
		return fd;
	r = fill(file, state, fd);
	/* A file system that has no room may say so only here. */
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(file->folder_fd, by, file->folder_fd, file->name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(file->folder_fd, by, 0);
	return r;
}

int state_file_replace(const struct state_file *file, const struct state *state)
{
	char by[NAME_MAX + 1];

	if (file->folder_fd < 0)
		return 0;
	snprintf(by, sizeof(by), ".%s" STATE_FILE_NEW, file->name);
	return put(file, state, by);
}

int state_file_finish(const struct state_file *file, const struct state *state, bool keep)
{
	char by[NAME_MAX + 1];
	int r;

	if (file->folder_fd < 0)
		return 0;
	if (state->exit_status >= 0)
		snprintf(by, sizeof(by), ".%s" STATE_FILE_LAST "-%d", file->name,
		         state->exit_status);
	else
		snprintf(by, sizeof(by), ".%s" STATE_FILE_LAST, file->name);
	r = put(file, state, by);
	/* A full file system may have room for it in place of the one before. */
	if (r < 0 && !keep && unlinkat(file->folder_fd, file->name, 0) == 0)
		r = put(file, state, by);
	if (!keep && unlinkat(file->folder_fd, file->name, 0) < 0 && r == 0)
		r = -errno;
	return r;
}

void state_file_close(struct state_file *file)
{
	if (file->folder_fd >= 0)
		close(file->folder_fd);
	file->folder_fd = -1;
}
