/* SPDX-License-Identifier: Apache-2.0 */
/* Processes by descriptor, where the C library or the headers of a build machine may be too old for it. */
#ifndef PIDFD_H
#define PIDFD_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* pidfd_open(2), kernel 5.3. The descriptor is close-on-exec. Returns -1 with errno set if there is none. */
static inline int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/*
 * Whether the process has ended: then its pidfd is readable, although it keeps its pid until its parent has waited for it.
 * Returns false for a negative descriptor.
 */
static inline bool pidfd_has_ended(int pidfd)
{
	struct pollfd end = {.fd = pidfd, .events = POLLIN};

	return poll(&end, 1, 0) == 1;
}

/* What a pidfd tells of its process: the ioctl(2) PIDFD_GET_INFO in its first form (linux/pidfd.h, kernel 6.13). */

/* _IOWR(0xff, 11, 64 bytes) */
#define PIDFD_GET_INFO_REQUEST 0xc040ff0bu

struct pidfd_answer {
	uint64_t mask;
	uint64_t cgroupid;
	uint32_t pid;
	uint32_t tgid;
	uint32_t ppid;
	uint32_t ids[8];
	uint32_t spare;
};

#endif
