/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define POWER_BUTTON "PUT /api/v1/vm.power-button HTTP/1.1\r\n"
#define REQUEST_MAX  4096

static struct {
	int listener;
	int status;
	int pressed[2]; /* a pipe */
} api;

static void fail(const char *doing)
{
	perror(doing);
	exit(1);
}

/* Reads up to the empty line that ends a request without a body; its first line stays. 0: end of file. */
static int read_request(int fd, char *request)
{
	size_t length = 0;

	while (length < REQUEST_MAX - 1) {
		ssize_t n = read(fd, request + length, REQUEST_MAX - 1 - length);

		if (n <= 0)
			return 0;
		length += (size_t)n;
		request[length] = '\0';
		if (strstr(request, "\r\n\r\n"))
			return 1;
	}
	return 0;
}

static void answer(int fd, int status)
{
	char text[128];
	int length = snprintf(
		text, sizeof(text),
		"HTTP/1.1 %d \r\nServer: Cloud Hypervisor API\r\nConnection: keep-alive\r\n"
		"%s\r\n",
		status, status == 204 ? "" : "Content-Length: 0\r\n");

	if (send(fd, text, (size_t)length, MSG_NOSIGNAL) != length)
		puts("stand-in: api: the answer was not taken");
}

static void serve_connection(int fd)
{
	char request[REQUEST_MAX];

	while (read_request(fd, request)) {
		int power_button = strncmp(request, POWER_BUTTON, strlen(POWER_BUTTON)) == 0;
		int status = power_button ? api.status : 404;

		printf("stand-in: api: %.*s: %d\n", (int)strcspn(request, "\r"), request, status);
		if (status != API_NEVER)
			answer(fd, status);
		if (status == 204 && write(api.pressed[1], "", 1) != 1)
			fail("stand-in: api: write");
	}
	close(fd);
}

static void *serve(void *nothing)
{
	(void)nothing;
	for (;;) {
		int fd = accept(api.listener, NULL, NULL);

		if (fd < 0)
			fail("stand-in: api: accept");
		serve_connection(fd);
	}
	return NULL;
}

void api_serve(const char *path, int status)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	pthread_t thread;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	api.status = status;
	api.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (api.listener < 0 || pipe(api.pressed) < 0 ||
	    bind(api.listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(api.listener, 8) < 0)
		fail("stand-in: api socket");
	if (pthread_create(&thread, NULL, serve, NULL) != 0)
		fail("stand-in: api thread");
}

void api_wait_for_power_button(void)
{
	char byte;

	if (read(api.pressed[0], &byte, 1) != 1)
		fail("stand-in: api: read");
}
