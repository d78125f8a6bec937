/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: a bridge that does the least that any bridge can do, to compare others with.
 *
 *     floor eof LISTEN SINK    accept, read to EOF, send, close
 *     floor first LISTEN SINK  accept, read once, send, close: for a backend that passes no
 *                              half-close on, where EOF comes only after the close
 *     floor byte LISTEN SINK   accept, read once, answer with a byte, read to EOF, send, close:
 *                              the least for such a backend that loses nothing
 *
 * It is no bridge to use: one connection at a time, a silent one stops it, "first" may close before
 * the guest has shut down, and what the sink does not take is lost.
 */
#include "unix_socket.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define MESSAGE_MAX 4096

struct rule {
	bool to_eof;
	bool byte;
};

static int listen_at(const char *path)
{
	struct sockaddr_un address = unix_address(path);
	int fd = unix_socket(SOCK_STREAM);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 128) < 0)
		err(1, "cannot listen at %s", path);
	return fd;
}

/* Returns the message's length. */
static size_t read_message(int fd, const struct rule *rule, char *text)
{
	ssize_t n = read(fd, text, MESSAGE_MAX);
	size_t length = 0;

	if (n > 0 && rule->byte)
		send(fd, "\n", 1, MSG_NOSIGNAL);
	while (n > 0) {
		length += (size_t)n;
		if (!rule->to_eof || length == MESSAGE_MAX)
			break;
		n = read(fd, text + length, MESSAGE_MAX - length);
	}
	return length;
}

/* Returns false where text is no rule. */
static bool parse_rule(const char *text, struct rule *rule)
{
	*rule = (struct rule){
		.to_eof = strcmp(text, "first") != 0,
		.byte = strcmp(text, "byte") == 0,
	};
	return !rule->to_eof || rule->byte || strcmp(text, "eof") == 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un sink;
	struct rule rule;
	char text[MESSAGE_MAX];
	int listening, sending;

	if (argc != 4 || !parse_rule(argv[1], &rule)) {
		fputs("Usage: floor eof|first|byte LISTEN SINK\n", stderr);
		return 2;
	}
	sink = unix_address(argv[3]);
	sending = unix_socket(SOCK_DGRAM);
	listening = listen_at(argv[2]);
	for (;;) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		size_t length;

		if (fd < 0)
			err(1, "accept");
		length = read_message(fd, &rule, text);
		if (length > 0 &&
		    sendto(sending, text, length, MSG_NOSIGNAL, (void *)&sink, sizeof(sink)) < 0)
			warn("%s", argv[3]);
		close(fd);
	}
}
