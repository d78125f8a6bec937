/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a connection as they come (see message_buffer.h). */
#include "message_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/delivery.h"

/* Only as much memory as bytes have come: most of many connections are idle. */
static int append(struct message_buffer *buffer, const char *bytes, size_t n)
{
	char *text = realloc(buffer->text, buffer->length + n + 1);

	if (!text)
		return -ENOMEM;
	memcpy(text + buffer->length, bytes, n);
	buffer->text = text;
	buffer->length += n;
	text[buffer->length] = '\0';
	return 0;
}

ssize_t message_buffer_read(struct message_buffer *buffer, int fd)
{
	char bytes[MESSAGE_MAX + 1];
	ssize_t n = read(fd, bytes, sizeof(bytes) - buffer->length);

	if (n < 0)
		return -errno;
	if (n == 0)
		return 0;
	if (buffer->length + (size_t)n > MESSAGE_MAX)
		return -EMSGSIZE;
	return append(buffer, bytes, (size_t)n) < 0 ? -ENOMEM : n;
}

void message_buffer_free(struct message_buffer *buffer)
{
	free(buffer->text);
	*buffer = (struct message_buffer){0};
}
