/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: a bridge that does the least that any bridge can do, to compare others with.
 *
 *     floor eof LISTEN SINK       accept, read to EOF, send, close
 *     floor first LISTEN SINK     accept, read once, send, close: for a backend that passes no
 *                                 half-close on, where EOF comes only after the close
 *     floor byte LISTEN SINK      accept, read once, answer with a byte, read to EOF, send, close:
 *                                 the least for such a backend that loses nothing
 *     floor wait:USEC LISTEN SINK accept, read once, wait USEC for more, shut down, read to EOF,
 *                                 send, close: the least for such a backend that gives the guest
 *                                 the time to shut down itself, and loses nothing
 *
 * It is no bridge to use: one connection at a time, a silent one stops it, "first" may close before
 * the guest has shut down, and what the sink does not take is lost.
 */
#include "unix_socket.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MAX 4096

struct rule {
	bool to_eof;
	bool byte;
	long wait_usec; /* -1: close without having waited */
};

static int listen_at(const char *path)
{
	struct sockaddr_un address = unix_address(path);
	int fd = unix_socket(SOCK_STREAM);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 128) < 0)
		err(1, "cannot listen at %s", path);
	return fd;
}

/* Waits for more, or the end, and ends the guest's wait. */
static void wait_and_shut_down(int fd, long usec)
{
	struct pollfd more = {.fd = fd, .events = POLLIN};
	struct timespec limit = {.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000};

	if (ppoll(&more, 1, &limit, NULL) == 0)
		shutdown(fd, SHUT_WR);
}

/* Returns the message's length. */
static size_t read_message(int fd, const struct rule *rule, char *text)
{
	ssize_t n = read(fd, text, MESSAGE_MAX);
	size_t length = 0;

	if (n > 0 && rule->byte)
		send(fd, "\n", 1, MSG_NOSIGNAL);
	if (n > 0 && rule->wait_usec >= 0)
		wait_and_shut_down(fd, rule->wait_usec);
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
	static const char wait[] = "wait:";

	*rule = (struct rule){.to_eof = strcmp(text, "first") != 0, .wait_usec = -1};
	rule->byte = strcmp(text, "byte") == 0;
	if (strncmp(text, wait, strlen(wait)) == 0)
		rule->wait_usec = strtol(text + strlen(wait), NULL, 10);
	return !rule->to_eof || rule->byte || strcmp(text, "eof") == 0 || rule->wait_usec > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un sink;
	struct rule rule;
	char text[MESSAGE_MAX];
	int listening, sending;

	if (argc != 4 || !parse_rule(argv[1], &rule)) {
		fputs("Usage: floor eof|first|byte|wait:USEC LISTEN SINK\n", stderr);
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
