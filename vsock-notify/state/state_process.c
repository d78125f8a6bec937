/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a process from a later one that has the same pid (theory: state_process.h). */
#include "state_process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/pidfd.h"

/* Of starttime: the 22nd field, so the 20th after the name, which is in parentheses and may have any in it. */
#define START_FIELD 20

/* Without stdio, whose buffer a resident process would keep. */
bool state_process_start(pid_t pid, uint64_t *ticks)
{
	char path[32], text[512];
	unsigned long long number;
	const char *at;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length < 0)
		return false;
	text[length] = '\0';
	at = strrchr(text, ')');
	for (int field = 0; at && field < START_FIELD; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, " %llu", &number) != 1)
		return false;
	*ticks = number;
	return true;
}

static uint64_t inode_of(int fd)
{
	struct stat status;

	return fd >= 0 && fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/* Without pidfs all pidfds have one inode. inode: of another process's. */
static bool has_pidfs(uint64_t inode)
{
	CLEANUP_FD int self = pidfd_of(getpid());

	return inode != 0 && inode_of(self) != 0 && inode_of(self) != inode;
}

uint64_t state_process_id(pid_t pid)
{
	CLEANUP_FD int fd = pidfd_of(pid);
	uint64_t inode = inode_of(fd);
	uint64_t ticks;

	if (fd < 0 || pidfd_has_ended(fd))
		return 0;
	if (pid != getpid() && has_pidfs(inode))
		return inode;
	return state_process_start(pid, &ticks) ? ticks : 0;
}

uint64_t state_process_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

uint64_t state_realtime_of_boot(void)
{
	struct timespec real;

	clock_gettime(CLOCK_REALTIME, &real);
	return (uint64_t)real.tv_sec * USEC_PER_SEC + (uint64_t)real.tv_nsec / NSEC_PER_USEC -
	       now_usec();
}
