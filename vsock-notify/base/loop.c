/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop over epoll, timerfd and signalfd (theory: loop.h). */
#include "loop.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "fd.h"
#include "macros.h"

static void fire_timers(struct loop *loop);

static void timer_fd_event(struct loop_fd *source)
{
	struct loop *loop = container_of(source, struct loop, timer_source);
	uint64_t expirations;

	if (read(loop->timer_fd, &expirations, sizeof(expirations)) < 0)
		return;
	loop->armed_usec = 0;
	fire_timers(loop);
}

static void signal_fd_event(struct loop_fd *source)
{
	struct loop *loop = container_of(source, struct loop, signal_source);
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) == sizeof(info))
		loop->signal_callback(loop->signal_user, &info);
}

int loop_init(struct loop *loop)
{
	int r;

	*loop = (struct loop){.epoll = -1, .timer_fd = -1, .ready_end = &loop->ready};
	loop->signal_source.fd = -1;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->epoll < 0 || loop->timer_fd < 0) {
		r = -errno;
		loop_deinit(loop);
		return r;
	}
	loop->timer_source.callback = timer_fd_event;
	r = loop_fd_add(loop, &loop->timer_source, loop->timer_fd, EPOLLIN);
	if (r < 0)
		loop_deinit(loop);
	return r;
}

void loop_deinit(struct loop *loop)
{
	loop_fd_remove(loop, &loop->signal_source);
	loop_fd_remove(loop, &loop->timer_source);
	close_fd(&loop->signal_source.fd);
	close_fd(&loop->timer_fd);
	close_fd(&loop->epoll);
}

int loop_fd_add(struct loop *loop, struct loop_fd *source, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	source->fd = fd;
	source->added = true;
	return 0;
}

/* Takes source off the list that it is on: the loop's, or the one that dispatch_ready() works through. */
static void forget_ready(struct loop *loop, struct loop_fd *source)
{
	if (!source->ready_link)
		return;
	*source->ready_link = source->ready_next;
	if (source->ready_next)
		source->ready_next->ready_link = source->ready_link;
	if (loop->ready_end == &source->ready_next)
		loop->ready_end = source->ready_link;
	source->ready_link = NULL;
	source->ready_next = NULL;
}

void loop_fd_ready(struct loop *loop, struct loop_fd *source)
{
	if (source->ready_link)
		return;
	source->ready_link = loop->ready_end;
	*loop->ready_end = source;
	loop->ready_end = &source->ready_next;
}

void loop_fd_remove(struct loop *loop, struct loop_fd *source)
{
	forget_ready(loop, source);
	if (!source->added)
		return;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
	source->added = false;
	/* The owner may free the source now: forgets its event if this round has one. */
	for (int i = 0; i < loop->round_size; i++)
		if (loop->round[i].data.ptr == source)
			loop->round[i].data.ptr = NULL;
}

static void arm(struct loop *loop, uint64_t deadline_usec)
{
	struct itimerspec when = {
		.it_value.tv_sec = (time_t)(deadline_usec / USEC_PER_SEC),
		.it_value.tv_nsec = (long)(deadline_usec % USEC_PER_SEC * NSEC_PER_USEC),
	};

	timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
	loop->armed_usec = deadline_usec;
}

void loop_timer_cancel(struct loop_timer *timer)
{
	if (!timer->link)
		return;
	*timer->link = timer->next;
	if (timer->next)
		timer->next->link = timer->link;
	timer->link = NULL;
	timer->next = NULL;
	timer->deadline_usec = 0;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t deadline_usec)
{
	struct loop_timer **link = &loop->timers;

	loop_timer_cancel(timer);
	while (*link && (*link)->deadline_usec <= deadline_usec)
		link = &(*link)->next;
	timer->deadline_usec = deadline_usec;
	timer->next = *link;
	timer->link = link;
	if (timer->next)
		timer->next->link = &timer->next;
	*link = timer;
	if (loop->armed_usec == 0 || deadline_usec < loop->armed_usec)
		arm(loop, deadline_usec);
}

/* Moves the timers that are due from the loop's list to one of their own. */
static void take_due(struct loop *loop, uint64_t now, struct loop_timer **due)
{
	struct loop_timer **end = &loop->timers;

	while (*end && (*end)->deadline_usec <= now)
		end = &(*end)->next;
	if (end == &loop->timers)
		return;
	*due = loop->timers;
	(*due)->link = due;
	loop->timers = *end;
	if (loop->timers)
		loop->timers->link = &loop->timers;
	*end = NULL;
}

/* A timer that is set again while these fire, even to a time that has passed, waits for the next round. */
static void fire_timers(struct loop *loop)
{
	uint64_t now = now_usec();
	struct loop_timer *due = NULL;

	take_due(loop, now, &due);
	while (due) {
		struct loop_timer *timer = due;

		loop_timer_cancel(timer);
		timer->callback(timer, now);
	}
	if (loop->timers &&
	    (loop->armed_usec == 0 || loop->timers->deadline_usec < loop->armed_usec))
		arm(loop, loop->timers->deadline_usec);
}

int loop_signals(struct loop *loop, const sigset_t *set, loop_signal_callback callback, void *user)
{
	int fd, r;

	if (sigprocmask(SIG_BLOCK, set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	loop->signal_source.callback = signal_fd_event;
	loop->signal_callback = callback;
	loop->signal_user = user;
	r = loop_fd_add(loop, &loop->signal_source, fd, EPOLLIN);
	if (r < 0)
		close(fd);
	return r;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

void loop_idle_set(struct loop *loop, struct loop_idle *idle)
{
	if (loop->idle == idle)
		return;
	idle->loop = loop;
	loop->idle = idle;
	loop->idle_rounds = 0;
}

void loop_idle_cancel(struct loop_idle *idle)
{
	if (idle->loop && idle->loop->idle == idle)
		idle->loop->idle = NULL;
	idle->loop = NULL;
}

/* Calls the work that can wait, if there is some and it is its turn after a round of that many events. */
static void call_idle(struct loop *loop, int events)
{
	struct loop_idle *idle = loop->idle;

	if (!idle || (events > 0 && ++loop->idle_rounds < LOOP_IDLE_ROUNDS))
		return;
	loop_idle_cancel(idle);
	idle->callback(idle);
}

static void dispatch(struct loop *loop, bool late)
{
	for (int i = 0; i < loop->round_size; i++) {
		struct loop_fd *source = loop->round[i].data.ptr;

		if (!source || source->late != late)
			continue;
		loop->round[i].data.ptr = NULL;
		source->events = loop->round[i].events;
		source->callback(source);
	}
}

/* What is named ready from here on waits for the next round. */
static void dispatch_ready(struct loop *loop)
{
	struct loop_fd *ready = loop->ready;

	if (!ready)
		return;
	ready->ready_link = &ready;
	loop->ready = NULL;
	loop->ready_end = &loop->ready;
	while (ready) {
		struct loop_fd *source = ready;

		forget_ready(loop, source);
		source->events = 0;
		source->callback(source);
	}
}

int loop_run(struct loop *loop)
{
	/* Not on the stack: -fstack-clash-protection would touch, and so dirty, each of its pages. */
	static struct epoll_event round[LOOP_EVENTS];

	loop->round = round;
	while (!loop->stopped) {
		bool block = !loop->idle && !loop->ready;
		int n = epoll_wait(loop->epoll, round, LOOP_EVENTS, block ? -1 : 0);

		if (n < 0 && errno != EINTR)
			return -errno;
		loop->round_size = n < 0 ? 0 : n;
		dispatch(loop, false);
		dispatch(loop, true);
		loop->round_size = 0;
		dispatch_ready(loop);
		call_idle(loop, n);
	}
	loop->round = NULL;
	return 0;
}
