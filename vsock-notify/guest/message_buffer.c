/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a connection as they come (see frame.h). */
#include "message_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/delivery.h"

/* Memory is as much as has come: of many connections most are idle. */
static int append(struct message_buffer *frame, const char *bytes, size_t n)
{
	char *text = realloc(frame->text, frame->length + n + 1);

	if (!text)
		return -ENOMEM;
	memcpy(text + frame->length, bytes, n);
	frame->text = text;
	frame->length += n;
	text[frame->length] = '\0';
	return 0;
}

ssize_t message_buffer_read(struct message_buffer *frame, int fd)
{
	char bytes[MESSAGE_MAX + 1];
	ssize_t n = read(fd, bytes, sizeof(bytes) - frame->length);

	if (n < 0)
		return -errno;
	if (n == 0)
		return 0;
	if (frame->length + (size_t)n > MESSAGE_MAX)
		return -EMSGSIZE;
	return append(frame, bytes, (size_t)n) < 0 ? -ENOMEM : n;
}

void message_buffer_free(struct message_buffer *frame)
{
	free(frame->text);
	*frame = (struct message_buffer){0};
}
