/* SPDX-License-Identifier: Apache-2.0 */
/* Accepting, whatever happens (theory: acceptor.h). */
#include "acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "listener.h"

/* A copy of the listening socket: confined, nothing can be opened any more. */
static int open_spare(int listen_fd)
{
	return fcntl(listen_fd, F_DUPFD_CLOEXEC, 0);
}

/* Out of descriptors: the spare one serves to accept a connection and close it. */
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

static void accept_failed(struct acceptor *acceptor, int error)
{
	bool out_of_fds = error == EMFILE || error == ENFILE;

	/* It gave up, or somebody else was faster. accept(2) says which others are to be ignored. */
	if (error == EAGAIN || error == ECONNABORTED || error == EINTR)
		return;
	/* The listening socket stays readable: the next round accepts with what was given up. */
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

static void listen_event(struct loop_fd *source, uint32_t events)
{
	struct acceptor *acceptor = container_of(source, struct acceptor, source);
	int fd = accept4(acceptor->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
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

void acceptor_stop(struct acceptor *acceptor)
{
	/* Who goes on connecting meanwhile is not waited for; a backlog of n holds n + 1. */
	for (unsigned i = 0; i <= LISTENER_BACKLOG; i++) {
		int fd = accept4(acceptor->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			break;
		connections_add(acceptor->connections, fd);
	}
	loop_fd_remove(acceptor->loop, &acceptor->source);
	loop_timer_cancel(&acceptor->pause);
	close_fd(&acceptor->spare_fd);
}
