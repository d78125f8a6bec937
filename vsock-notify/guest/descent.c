/* SPDX-License-Identifier: Apache-2.0 */
/* Whether one process descends from another, as the kernel tells (see peer.h). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "peer.h"

/* Longer chains are nobody's; the bound is for a /proc that changes under our feet. */
#define GENERATIONS_MAX 32

/*
 * pidfs's answer to PIDFD_GET_INFO in its first form (linux/pidfd.h, from kernel 6.13), which headers of a
 * build machine may not have. It needs no /proc: of one that hides processes (ProtectProc=invisible in a
 * unit), a process under landlock(7) sees no other.
 */
struct pidfd_answer {
	uint64_t mask;
	uint64_t cgroupid;
	uint32_t pid;
	uint32_t tgid;
	uint32_t ppid;
	uint32_t ids[8];
	uint32_t spare;
};

/* The parent's pid as pidfs tells it, or 0. */
pid_t peer_parent_by_pidfd(pid_t pid)
{
	CLEANUP_FD int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pidfd_answer answer = {.mask = 1};

	return fd >= 0 && ioctl(fd, PEER_PIDFD_GET_INFO, &answer) == 0 ? (pid_t)answer.ppid : 0;
}

/* The parent's pid of /proc/PID/stat, or 0. The name in it may have any bytes, ')' too: the last counts. */
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
