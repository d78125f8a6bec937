/* SPDX-License-Identifier: Apache-2.0 */
/* The children that a launcher has left behind (see children.h). */
#include "children.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

/* Reads a file below /proc as a string. Returns its length, or a negative errno. */
static ssize_t read_proc(int proc_fd, const char *path, char *text, size_t size)
{
	CLEANUP_FD int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n;
}

static void read_name(int proc_fd, struct child *child)
{
	char path[32], name[64];

	snprintf(path, sizeof(path), "%d/comm", (int)child->pid);
	if (read_proc(proc_fd, path, name, sizeof(name)) > 0)
		snprintf(child->name, sizeof(child->name), "%.*s", (int)strcspn(name, "\n"), name);
}

int children_list(int proc_fd, struct child children[CHILDREN_MAX])
{
	char path[64], text[CHILDREN_MAX * 12];
	const char *cursor = text;
	char *end;
	int count = 0;
	ssize_t r;

	snprintf(path, sizeof(path), "%d/task/%d/children", (int)getpid(), (int)getpid());
	r = read_proc(proc_fd, path, text, sizeof(text));
	if (r < 0)
		return (int)r;
	while (count < CHILDREN_MAX) {
		long pid = strtol(cursor, &end, 10);

		if (end == cursor)
			break;
		cursor = end;
		children[count] = (struct child){.pid = (pid_t)pid};
		read_name(proc_fd, &children[count++]);
	}
	return count;
}

/* The kernel keeps only the beginning of a program's file name. */
static bool is_named(const struct child *child, const char *program)
{
	return *child->name &&
	       strncmp(child->name, basename(program), sizeof(child->name) - 1) == 0;
}

const struct child *children_choose(const struct child *children, size_t count,
                                    const struct children_wanted *wanted)
{
	const struct child *named = NULL, *last = NULL;

	for (size_t i = 0; i < count; i++) {
		if (children[i].pid == wanted->except)
			continue;
		if (children[i].pid == wanted->connected)
			return &children[i];
		if (is_named(&children[i], wanted->program))
			named = &children[i];
		last = &children[i];
	}
	if (named && (wanted->named || wanted->any))
		return named;
	return wanted->any ? last : NULL;
}
