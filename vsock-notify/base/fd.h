/* SPDX-License-Identifier: Apache-2.0 */
/* Ownership of file descriptors: -1 is "none", and closing sets a variable to it. */
#ifndef FD_H
#define FD_H

#include <unistd.h>

/* Closes *fd unless it is negative, and makes it -1. */
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Returns *fd, which belongs to the caller from now on, and makes it -1. */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

/* A local descriptor that is closed when it goes out of scope. */
#define CLEANUP_FD __attribute__((cleanup(close_fd)))

#endif
