/* SPDX-License-Identifier: Apache-2.0 */
/* Accepts connections whatever happens (theory: acceptor.h). */
#include "acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "listener.h"

/* A copy of the listening socket, because a confined process cannot open anything any more. */
static int open_spare(int listen_fd)
{
	return fcntl(listen_fd, F_DUPFD_CLOEXEC, 0);
}

/* Accepts a connection with the spare descriptor and closes it. */
static bool refuse_with_spare(struct acceptor *acceptor)
{
	bool accepted;
	int fd;

	if (acceptor->spare_fd < 0)
		return false;
	close_fd(&acceptor->spare_fd);
	fd = accept4(acceptor->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	accepted = fd >= 0;
	close_fd(&fd);
	acceptor->spare_fd = open_spare(acceptor->listen_fd);
	return accepted;
}

static void pause_accepting(struct acceptor *acceptor)
{
	loop_fd_remove(acceptor->loop, &acceptor->source);
	loop_timer_set(acceptor->loop, &acceptor->pause, now_usec() + ACCEPT_PAUSE_USEC);
}

static bool is_out_of_fds(int error)
{
	return error == EMFILE || error == ENFILE;
}

static void accept_failed(struct acceptor *acceptor, int error)
{
	bool out_of_fds = is_out_of_fds(error);

	/* The other side gave up, or no connection is waiting. accept(2) says which other errors are to be ignored. */
	if (error == EAGAIN || error == ECONNABORTED || error == EINTR)
		return;
	/* The listening socket stays readable: the next round accepts with the descriptor that was freed. */
	if (out_of_fds && connections_give_way(acceptor->connections)) {
		log_limited(VSN_LOG_WARNING,
		            "%s: the oldest connection that is idle is closed (LimitNOFILE=)",
		            strerror(error));
		return;
	}
	if (out_of_fds && refuse_with_spare(acceptor)) {
		log_limited(VSN_LOG_WARNING, "%s: a connection is closed at once (LimitNOFILE=)",
		            strerror(error));
		return;
	}
	log_limited(VSN_LOG_WARNING, "cannot accept: %s: trying again in %llu ms", strerror(error),
	            (unsigned long long)(ACCEPT_PAUSE_USEC / USEC_PER_MSEC));
	pause_accepting(acceptor);
}

static int accept_one(const struct acceptor *acceptor)
{
	return accept4(acceptor->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void listen_event(struct loop_fd *source)
{
	struct acceptor *acceptor = container_of(source, struct acceptor, source);
	int fd = accept_one(acceptor);

	if (fd < 0)
		accept_failed(acceptor, errno);
	else
		connections_add(acceptor->connections, fd);
}

static int resume(struct acceptor *acceptor)
{
	return loop_fd_add(acceptor->loop, &acceptor->source, acceptor->listen_fd, EPOLLIN);
}

static void pause_time(struct loop_timer *timer, uint64_t now)
{
	struct acceptor *acceptor = container_of(timer, struct acceptor, pause);

	(void)now;
	if (acceptor->spare_fd < 0)
		acceptor->spare_fd = open_spare(acceptor->listen_fd);
	if (resume(acceptor) < 0)
		pause_accepting(acceptor);
}

int acceptor_start(struct acceptor *acceptor, struct loop *loop, int listen_fd,
                   struct connections *connections)
{
	*acceptor = (struct acceptor){
		.loop = loop,
		.connections = connections,
		.source = {.callback = listen_event, .late = true},
		.pause = {.callback = pause_time},
		.listen_fd = listen_fd,
		.spare_fd = open_spare(listen_fd),
	};
	return resume(acceptor);
}

void acceptor_deinit(struct acceptor *acceptor)
{
	loop_fd_remove(acceptor->loop, &acceptor->source);
	loop_timer_cancel(&acceptor->pause);
	close_fd(&acceptor->spare_fd);
}

/*
 * Accepts as many as there is room for, or one. Returns how many. *error becomes the errno of the accept(2) that failed, or
 * 0.
 */
static unsigned accept_some(struct acceptor *acceptor, int *error)
{
	unsigned count = 0;

	while (acceptor->stop_left > 0 &&
	       (count == 0 || connections_have_room(acceptor->connections))) {
		int fd = accept_one(acceptor);

		*error = fd < 0 ? errno : 0;
		if (fd < 0)
			break;
		connections_add(acceptor->connections, fd);
		acceptor->stop_left--;
		count++;
	}
	return count;
}

/* All connections that there are have been read. Those that were silent would be closed after the backlog in any case. */
static bool free_a_descriptor(struct connections *connections)
{
	uint32_t before = connections->count;

	connections_close_silent(connections);
	return connections->count < before || connections_give_way(connections);
}

/*
 * Runs in the last pass of a round. The connections that it accepted in the round before have been read by now, because they
 * were named ready before it was.
 */
static void stop_round(struct loop_fd *source)
{
	struct acceptor *acceptor = container_of(source, struct acceptor, source);
	bool looked = acceptor->stop_looked;
	int error = 0;

	acceptor->stop_looked = true;
	if (accept_some(acceptor, &error) > 0 || !looked ||
	    (is_out_of_fds(error) && free_a_descriptor(acceptor->connections))) {
		loop_fd_ready(acceptor->loop, source);
		return;
	}
	acceptor_deinit(acceptor);
	acceptor->stopped(acceptor);
}

void acceptor_stop(struct acceptor *acceptor, void (*stopped)(struct acceptor *acceptor))
{
	acceptor_deinit(acceptor);
	acceptor->stopped = stopped;
	acceptor->stop_looked = false;
	/* A guest that goes on connecting is not waited for. A listen backlog of n holds n + 1 connections. */
	acceptor->stop_left = LISTENER_BACKLOG + 1;
	acceptor->source.callback = stop_round;
	loop_fd_ready(acceptor->loop, &acceptor->source);
}
