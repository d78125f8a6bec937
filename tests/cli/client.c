/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's sd_notify(3) as it arrives on the host: connects, sends, shuts down, waits for the end.
 *
 *	client SOCKET TEXT       all of it; ends when the other side has
 *	client SOCKET TEXT wait  does not shut down, as behind a VMM that passes no half-close on
 *	client SOCKET TEXT more  prints "sent", then waits for a line on standard input, sends it too,
 *	                         without its newline, and only then shuts down
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *how = argc > 3 ? argv[3] : "";
	char byte;
	ssize_t n;
	int fd;

	if (argc < 3 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		fputs("client: say SOCKET TEXT [wait|more]\n", stderr);
		return 2;
	}
	strcpy(address.sun_path, argv[1]);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fail("client: connect");
	if (send(fd, argv[2], strlen(argv[2]), MSG_NOSIGNAL) < 0)
		return fail("client: send");
	if (strcmp(how, "more") == 0 && send_line_of_input(fd) != 0)
		return 1;
	if (strcmp(how, "wait") != 0 && shutdown(fd, SHUT_WR) < 0)
		return fail("client: shutdown");
	n = read(fd, &byte, 1);
	if (n > 0)
		fputs("client: a byte came back: systemd would fail with EPROTO\n", stderr);
	return n == 0 ? 0 : fail("client: read");
}
