/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: a bridge that does the least that any bridge can do, to compare others with.
 *
 *     floor eof LISTEN SINK      accept, read to EOF, send, close
 *     floor first LISTEN SINK    accept, read once, send, close: for a backend that passes no
 *                                half-close on, where EOF comes only after the close
 *
 * It is no bridge to use: one connection at a time, a silent one stops it, "first" closes before the
 * guest has shut down, and what the sink does not take is lost.
 */
#include "unix_socket.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define MESSAGE_MAX 4096

static int listen_at(const char *path)
{
	struct sockaddr_un address = unix_address(path);
	int fd = unix_socket(SOCK_STREAM);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 128) < 0)
		err(1, "cannot listen at %s", path);
	return fd;
}

/* Returns the message's length. */
static size_t read_message(int fd, bool to_eof, char *text)
{
	size_t length = 0;
	ssize_t n;

	do {
		n = read(fd, text + length, MESSAGE_MAX - length);
		if (n > 0)
			length += (size_t)n;
	} while (n > 0 && to_eof && length < MESSAGE_MAX);
	return length;
}

int main(int argc, char **argv)
{
	struct sockaddr_un sink;
	char text[MESSAGE_MAX];
	bool to_eof;
	int listening, sending;

	if (argc != 4 || (strcmp(argv[1], "eof") != 0 && strcmp(argv[1], "first") != 0)) {
		fputs("Usage: floor eof|first LISTEN SINK\n", stderr);
		return 2;
	}
	to_eof = strcmp(argv[1], "eof") == 0;
	sink = unix_address(argv[3]);
	sending = unix_socket(SOCK_DGRAM);
	listening = listen_at(argv[2]);
	for (;;) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		size_t length;

		if (fd < 0)
			err(1, "accept");
		length = read_message(fd, to_eof, text);
		if (length > 0 && sendto(sending, text, length, MSG_NOSIGNAL,
		                         (struct sockaddr *)&sink, sizeof(sink)) < 0)
			warn("%s", argv[3]);
		close(fd);
	}
}
