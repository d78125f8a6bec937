/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_MAX 4096

static struct {
	int listener;
	int status;
	unsigned int delay_usec;
} api;

/* What the API can be asked for. Each time is a byte in a pipe, which api_wait() reads. */
static struct request {
	const char *line; /* how the request begins */
	const char *body; /* what its body contains */
	int done[2];      /* a pipe */
} requests[] = {
	[API_POWER_BUTTON] = {.line = "PUT /api/v1/vm.power-button ", .body = ""},
	[API_RESUME] = {.line = "PUT /api/v1/vm.resume ", .body = ""},
	[API_CTRL_ALT_DEL] = {.line = "PUT /actions ", .body = "\"SendCtrlAltDel\""},
};
#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void fail(const char *doing)
{
	perror(doing);
	exit(1);
}

/* Whether the request is all there: up to its empty line, and the body that is announced before that. */
static int is_whole(const char *request)
{
	static const char announcement[] = "\r\nContent-Length:";
	const char *end = strstr(request, "\r\n\r\n");
	const char *length = strcasestr(request, announcement);

	if (!end)
		return 0;
	if (!length || length > end)
		return 1;
	return (long)strlen(end + 4) >= strtol(length + strlen(announcement), NULL, 10);
}

/* 0: end of file. */
static int read_request(int fd, char *request)
{
	size_t length = 0;

	while (length < REQUEST_MAX - 1) {
		ssize_t n = read(fd, request + length, REQUEST_MAX - 1 - length);

		if (n <= 0)
			return 0;
		length += (size_t)n;
		request[length] = '\0';
		if (is_whole(request))
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

/* NULL: the API does not know it. */
static struct request *find_request(const char *text)
{
	for (size_t i = 0; i < REQUESTS; i++)
		if (strncmp(text, requests[i].line, strlen(requests[i].line)) == 0 &&
		    strstr(text, requests[i].body))
			return &requests[i];
	return NULL;
}

static void serve_connection(int fd)
{
	char text[REQUEST_MAX];

	while (read_request(fd, text)) {
		struct request *request = find_request(text);
		int status = request ? api.status : 404;

		/* a VM is resumed whatever becomes of its power button */
		if (request == &requests[API_RESUME])
			status = 204;
		printf("stand-in: api: %.*s: %d\n", (int)strcspn(text, "\r"), text, status);
		usleep(api.delay_usec);
		if (status != API_NEVER)
			answer(fd, status);
		if (status == 204 && write(request->done[1], "", 1) != 1)
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

void api_delay(unsigned int usec)
{
	api.delay_usec = usec;
}

void api_serve(const char *path, int status)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	pthread_t thread;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	api.status = status;
	api.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	for (size_t i = 0; i < REQUESTS; i++)
		if (pipe(requests[i].done) < 0)
			fail("stand-in: pipe");
	if (api.listener < 0 ||
	    bind(api.listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(api.listener, 8) < 0)
		fail("stand-in: api socket");
	if (pthread_create(&thread, NULL, serve, NULL) != 0)
		fail("stand-in: api thread");
}

void api_wait(enum api_request request)
{
	char byte;

	if (read(requests[request].done[0], &byte, 1) != 1)
		fail("stand-in: api: read");
}
