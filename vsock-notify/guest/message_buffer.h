/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a connection as they come, up to the most that can be a message. */
#ifndef MESSAGE_BUFFER_H
#define MESSAGE_BUFFER_H

#include <stddef.h>
#include <sys/types.h>

/* Zero-initialise. */
struct message_buffer {
	char *text; /* with a NUL at text[length]; NULL while length is 0 */
	size_t length;
};

/*
 * Reads what fd has and appends it. Returns the number of bytes, 0 at end of file, -EAGAIN where
 * there is nothing now, -EMSGSIZE where that would be more than MESSAGE_MAX bytes, -ENOMEM, or what
 * read(2) failed with.
 */
ssize_t message_buffer_read(struct message_buffer *frame, int fd);

void message_buffer_free(struct message_buffer *frame);

#endif
