/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pidfd tells of its process: the ioctl(2) PIDFD_GET_INFO in its first form (linux/pidfd.h, from kernel 6.13), which
 * the headers of a build machine may not have.
 */
#ifndef PIDFD_H
#define PIDFD_H

#include <stdint.h>

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
