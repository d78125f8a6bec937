/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a process from a later one that has the same pid (theory: state_process.h). */
#include "state_process.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "state_writer.h"

static int open_process(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* A process that has ended keeps its pid until its parent has waited for it. */
static bool has_ended(int fd)
{
	struct pollfd end = {.fd = fd, .events = POLLIN};

	return poll(&end, 1, 0) == 1;
}

static uint64_t inode_of(int fd)
{
	struct stat status;

	return fd >= 0 && fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/* Without pidfs all pidfds have one inode. inode: of another process's. */
static bool has_pidfs(uint64_t inode)
{
	CLEANUP_FD int self = open_process(getpid());

	return inode != 0 && inode_of(self) != 0 && inode_of(self) != inode;
}

uint64_t state_process_id(pid_t pid)
{
	CLEANUP_FD int fd = open_process(pid);
	uint64_t inode = inode_of(fd);
	uint64_t ticks;

	if (fd < 0 || has_ended(fd))
		return 0;
	if (pid != getpid() && has_pidfs(inode))
		return inode;
	return state_writer_start(pid, &ticks) ? ticks : 0;
}

uint64_t state_realtime_of_boot(void)
{
	struct timespec real;

	clock_gettime(CLOCK_REALTIME, &real);
	return (uint64_t)real.tv_sec * USEC_PER_SEC + (uint64_t)real.tv_nsec / NSEC_PER_USEC -
	       now_usec();
}
