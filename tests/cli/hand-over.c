/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Socket activation, right and wrong: becomes COMMAND with sockets from file descriptor 3 on and
 * $LISTEN_FDS and $LISTEN_PID set (sd_listen_fds(3)).
 *
 *	hand-over KIND PATH COMMAND...
 *
 * KIND: stream   a listening unix stream socket at PATH, as is right
 *       two      the same socket twice
 *       unbound  a unix stream socket that nobody listens at
 *       dgram    a datagram socket
 *       inet     a listening TCP socket
 *       other    as stream, but $LISTEN_PID is another process: not for COMMAND
 *       stay     none: listens at PATH, prints "listening", waits for its input's end, and prints "connected to" if
 *                somebody has connected by then
 *       leave    none: binds PATH and is gone, the socket file stays
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool is(const char *kind, const char *name)
{
	return strcmp(kind, name) == 0;
}

static int bound_unix(int type, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -1 : fd;
}

static int listening_inet(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
		return -1;
	return fd;
}

static int make_socket(const char *kind, const char *path)
{
	int fd;

	if (is(kind, "inet"))
		return listening_inet();
	fd = bound_unix(is(kind, "dgram") ? SOCK_DGRAM : SOCK_STREAM, path);
	if (fd < 0 || is(kind, "dgram") || is(kind, "unbound") || is(kind, "leave"))
		return fd;
	return listen(fd, 8) < 0 ? -1 : fd;
}

static int stay(int fd)
{
	char byte;
	ssize_t n;

	puts("listening");
	fflush(stdout);
	n = read(STDIN_FILENO, &byte, 1);
	if (accept4(fd, NULL, NULL, SOCK_NONBLOCK) >= 0)
		puts("connected to");
	return n < 0;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "";
	char pid[16];
	int fd;

	if (argc < 3) {
		fputs("hand-over: say KIND PATH [COMMAND...]\n", stderr);
		return 2;
	}
	fd = make_socket(kind, argv[2]);
	if (fd < 0) {
		perror("hand-over: socket");
		return 1;
	}
	if (is(kind, "leave"))
		return 0;
	if (is(kind, "stay"))
		return stay(fd);
	if (fd != 3)
		dup2(fd, 3);
	if (is(kind, "two"))
		dup2(fd, 4);
	snprintf(pid, sizeof(pid), "%d", is(kind, "other") ? 1 : (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", is(kind, "two") ? "2" : "1", 1);
	execvp(argv[3], argv + 3);
	perror("hand-over: exec");
	return 1;
}
