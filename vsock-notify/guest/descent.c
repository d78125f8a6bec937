/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a process lives, and whether it descends from another (see descent.h). */
#include "descent.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/pidfd.h"

/* No VMM has a longer chain of descendants; the bound is for a /proc that changes while it is read. */
#define GENERATIONS_MAX 32

pid_t peer_parent_by_pidfd(pid_t pid)
{
	CLEANUP_FD int fd = pidfd_of(pid);
	struct pidfd_answer answer = {.mask = 1};

	return fd >= 0 && ioctl(fd, PIDFD_GET_INFO_REQUEST, &answer) == 0 ? (pid_t)answer.ppid : 0;
}

/* The process's name in /proc/PID/stat may have any bytes, also ')': the last one ends it. */
pid_t peer_parent_by_proc(int proc_fd, pid_t pid)
{
	CLEANUP_FD int fd = -1;
	char path[32], text[512];
	const char *after;
	pid_t parent;
	ssize_t n;

	snprintf(path, sizeof(path), "%d/stat", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	after = strrchr(text, ')');
	return after && sscanf(after, ") %*c %d", &parent) == 1 ? parent : 0;
}

bool peer_lives(pid_t pid)
{
	CLEANUP_FD int fd = pidfd_of(pid);

	return fd >= 0 && !pidfd_has_ended(fd);
}

static pid_t parent_of(int proc_fd, pid_t pid)
{
	pid_t parent = peer_parent_by_pidfd(pid);

	return parent || proc_fd < 0 ? parent : peer_parent_by_proc(proc_fd, pid);
}

bool peer_descends(int proc_fd, pid_t pid, pid_t ancestor)
{
	for (unsigned i = 0; i < GENERATIONS_MAX && pid > 1; i++) {
		if (pid == ancestor)
			return true;
		pid = parent_of(proc_fd, pid);
	}
	return false;
}
