/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's sd_notify(3) as it arrives on the host: connects, sends, shuts down, waits for the end. A byte before the end is
 * a failure, unless TEXT is one of PID 1's, which ignores it.
 *
 *	client SOCKET TEXT       all of it; ends when the other side has
 *	client SOCKET TEXT wait  does not shut down, as behind a VMM that passes no half-close on
 *	client SOCKET TEXT more  prints "sent", then waits for a line on standard input, sends it too,
 *	                         without its newline, and only then shuts down
 *	client SOCKET COUNT lost connects that many times and closes each connection without a byte; lives on until
 *	                         the end of its standard input
 *	client SOCKET - each     sends each line of standard input as a message of its own, and prints "sent" after each
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pid1.h"

static int fail(const char *doing)
{
	perror(doing);
	return 1;
}

static int send_line_of_input(int fd)
{
	char line[4096];

	puts("sent");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return fail("client: read");
	return send(fd, line, strcspn(line, "\n"), MSG_NOSIGNAL) < 0 ? fail("client: send") : 0;
}

/* Sends one message and waits for the end. Returns an exit status. */
static int say(const struct sockaddr_un *address, const char *text, const char *how)
{
	char byte;
	ssize_t n;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return fail("client: connect");
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return fail("client: send");
	if (strcmp(how, "more") == 0 && send_line_of_input(fd) != 0)
		return 1;
	if (strcmp(how, "wait") != 0 && shutdown(fd, SHUT_WR) < 0)
		return fail("client: shutdown");
	n = read(fd, &byte, 1);
	close(fd);
	if (n > 0 && is_of_pid1(text))
		return 0;
	if (n > 0)
		fputs("client: a byte came back: systemd would fail with EPROTO\n", stderr);
	return n == 0 ? 0 : fail("client: read");
}

static int lose(const struct sockaddr_un *address, unsigned long count)
{
	while (count-- > 0) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
			return fail("client: connect");
		close(fd);
	}
	while (getchar() != EOF)
		;
	return 0;
}

static int say_each(const struct sockaddr_un *address)
{
	char line[4096];
	int r = 0;

	while (r == 0 && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		r = say(address, line, "");
		puts("sent");
		fflush(stdout);
	}
	return r;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *how = argc > 3 ? argv[3] : "";

	if (argc < 3 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		fputs("client: SOCKET TEXT [wait|more|lost|each]\n", stderr);
		return 2;
	}
	strcpy(address.sun_path, argv[1]);
	if (strcmp(how, "lost") == 0)
		return lose(&address, strtoul(argv[2], NULL, 10));
	return strcmp(how, "each") == 0 ? say_each(&address) : say(&address, argv[2], how);
}
