/* SPDX-License-Identifier: Apache-2.0 */
/* Ownership of file descriptors: -1 means "none", and a variable is set to -1 when its descriptor is closed. */
#ifndef FD_H
#define FD_H

#include <unistd.h>

/* Closes *fd unless it is negative, and sets it to -1. */
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Returns *fd, which the caller must close from now on, and sets it to -1. */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

/* For a local descriptor: closes it when the variable goes out of scope. */
#define CLEANUP_FD __attribute__((cleanup(close_fd)))

#endif
