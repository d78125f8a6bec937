/* SPDX-License-Identifier: Apache-2.0 */
/* File descriptors: reading one to its end, and ownership. -1 means "none", and a variable is set to -1 when its descriptor is closed. */
#ifndef FD_H
#define FD_H

#include <errno.h>
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

/* Reads to the end of file, or up to size bytes. Returns the number of bytes, or a negative errno. */
static inline ssize_t read_whole(int fd, void *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t n = read(fd, (char *)buffer + length, size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t)n;
	}
	return (ssize_t)length;
}

/* For a local descriptor: closes it when the variable goes out of scope. */
#define CLEANUP_FD __attribute__((cleanup(close_fd)))

#endif
