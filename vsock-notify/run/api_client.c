/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks to the VMM's API socket (see api_client.h). */
#include "api_client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

void api_client_cancel(struct api_client *client)
{
	loop_fd_remove(client->loop, &client->source);
	loop_timer_cancel(&client->retry);
	close_fd(&client->fd);
}

static void answered(struct api_client *client, enum api_result result, const char *words)
{
	api_client_cancel(client);
	client->answer(client, result, words);
}

static void failed(struct api_client *client, int error)
{
	char words[256];

	snprintf(words, sizeof(words), "%s: %s", client->path,
	         error == EPERM ? "another process than the VMM listens there" : strerror(error));
	answered(client, error == ECONNREFUSED ? API_HANGS_UP : API_REFUSES, words);
}

/* The buffer of a new socket has room for all requests. */
static int send_request(struct api_client *client)
{
	const char *text = client->requests[client->next].text;
	size_t length = strlen(text);

	if (length > 0 && send(client->fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
		return -EPIPE;
	return 0;
}

static void drop(struct api_client *client, size_t n)
{
	client->length -= n;
	memmove(client->reply, client->reply + n, client->length + 1);
}

/* Goes on to the next request. Returns false if this was the last one, or the connection has ended. */
static bool go_on(struct api_client *client)
{
	if (++client->next == client->count) {
		answered(client, API_SHUTS_DOWN, "");
		return false;
	}
	if (send_request(client) == 0)
		return true;
	answered(client, API_HANGS_UP, "");
	return false;
}

/* Deals with the answers that have come. Returns false if nothing more is awaited. */
static bool take_answers(struct api_client *client)
{
	for (;;) {
		struct vmm_api_answer answer =
			vmm_api_read_answer(client->api, client->reply, client->length);
		bool may_be_refused = client->requests[client->next].may_be_refused;

		if (answer.verdict == VMM_API_INCOMPLETE)
			return true;
		if (answer.verdict == VMM_API_REFUSED && !may_be_refused) {
			answered(client, API_REFUSES, answer.words);
			return false;
		}
		if (answer.verdict == VMM_API_REFUSED)
			log_debug("the VMM's API: %s", answer.words);
		drop(client, answer.length < client->length ? answer.length : client->length);
		if (!go_on(client))
			return false;
	}
}

static void readable(struct loop_fd *source)
{
	struct api_client *client = container_of(source, struct api_client, source);
	size_t room = sizeof(client->reply) - 1 - client->length;
	ssize_t n = read(client->fd, client->reply + client->length, room);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		client->length += (size_t)n;
		client->reply[client->length] = '\0';
		if (!take_answers(client))
			return;
	}
	if (n <= 0)
		answered(client, API_HANGS_UP, "");
	else if (client->length == sizeof(client->reply) - 1)
		answered(client, API_REFUSES, "its answer is too long");
}

/* unix(7): the credentials are those of the process that called listen(2). */
static bool may_ask(struct api_client *client)
{
	struct ucred credentials = {.pid = 0};
	socklen_t size = sizeof(credentials);

	getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
	return !client->may_ask || client->may_ask(client, credentials.pid);
}

/* Returns 0, -EAGAIN if the backlog is full, or another negative errno. */
static int begin(struct api_client *client)
{
	int r = api_client_prepare(client);

	if (r < 0)
		return r;
	if (connect(client->fd, &client->address.any, client->address.length) < 0)
		return -errno;
	if (!may_ask(client))
		return -EPERM;
	r = send_request(client);
	return r < 0 ? r : loop_fd_add(client->loop, &client->source, client->fd, EPOLLIN);
}

static void try(struct api_client *client)
{
	int r = begin(client);

	if (r == -EAGAIN)
		loop_timer_set(client->loop, &client->retry, now_usec() + API_CLIENT_RETRY_USEC);
	else if (r < 0)
		failed(client, -r);
}

static void retry_time(struct loop_timer *timer, uint64_t now)
{
	(void)now;
	try(container_of(timer, struct api_client, retry));
}

void api_client_init(struct api_client *client, struct loop *loop)
{
	*client = (struct api_client){
		.loop = loop,
		.source.callback = readable,
		.retry.callback = retry_time,
		.fd = -1,
	};
}

int api_client_prepare(struct api_client *client)
{
	if (client->fd >= 0)
		return 0;
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return client->fd < 0 ? -errno : 0;
}

void api_client_shut_down(struct api_client *client, enum vmm_api api, const char *path,
                          bool resume)
{
	int r = address_from_path(path, &client->address);

	client->path = path;
	client->api = api;
	client->count = vmm_api_requests(api, resume, client->requests);
	client->next = 0;
	client->length = 0;
	client->reply[0] = '\0';
	if (r < 0)
		failed(client, -r);
	else
		try(client);
}
