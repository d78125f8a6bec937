/* SPDX-License-Identifier: Apache-2.0 */
/* Writes lines to standard error (see say.h). */
#include "say.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void say(const char *format, ...)
{
	struct pollfd output = {.fd = STDERR_FILENO, .events = POLLOUT};
	char line[4096];
	va_list arguments;
	int used = snprintf(line, sizeof(line), "vsock-notify: libvirt: ");
	int length;

	va_start(arguments, format);
	length = vsnprintf(line + used, sizeof(line) - (size_t)used, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	length += used;
	if (length > (int)sizeof(line) - 1)
		length = sizeof(line) - 1;
	for (int i = 0; i < length; i++)
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	line[length++] = '\n';
	/* If the reader has stopped, the line is dropped: publishing must not wait for it. */
	if (poll(&output, 1, 0) != 1 || write(STDERR_FILENO, line, (size_t)length) < 0)
		return;
}
