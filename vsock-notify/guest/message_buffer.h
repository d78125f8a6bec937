/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the bytes of a connection, up to the longest message that there can be. */
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
 * Reads from fd once and appends what came. Returns the number of bytes, 0 at end of file, -EAGAIN if there is nothing for
 * now, -EMSGSIZE if that would make more than MESSAGE_MAX bytes, -ENOMEM, or the error of read(2).
 */
ssize_t message_buffer_read(struct message_buffer *buffer, int fd);

void message_buffer_free(struct message_buffer *buffer);

#endif
