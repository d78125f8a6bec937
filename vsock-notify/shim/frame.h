/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a connection as they come, up to the most that can be a message. */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <sys/types.h>

/* Zero-initialise. */
struct frame {
	char *text; /* with a NUL at text[length]; NULL while length is 0 */
	size_t length;
};

/*
 * Reads what fd has and appends it. Returns the number of bytes, 0 at end of file, -EAGAIN where
 * there is nothing now, -EMSGSIZE where that would be more than MESSAGE_MAX bytes, -ENOMEM, or what
 * read(2) failed with.
 */
ssize_t frame_read(struct frame *frame, int fd);

void frame_free(struct frame *frame);

#endif
