/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: one epoll, one timerfd, one signalfd, one thread.
 *
 * A source (struct loop_fd) and a timer (struct loop_timer) are embedded in what owns them, and the
 * callback finds its owner with container_of(). Kernel state is level-triggered. What may be done
 * when:
 *
 *   loop_fd_add      once; the fd stays the caller's, who removes the source before closing it
 *   loop_fd_ready    at any time, for any source, added or not: its callback is called once, in the
 *                    last pass of this round
 *   loop_fd_remove   at any time, from any callback, also twice: a removed source gets no more calls,
 *                    not even for an event that the kernel reported in the same round
 *   loop_timer_set   at any time; loop_timer_cancel likewise
 *   loop_idle_set    at any time; loop_idle_cancel likewise. There is one of them: another replaces it
 *   loop_stop        from any callback; the round that is under way is finished
 *
 * A round has three passes:
 *
 *   1  the events that the kernel reported for sources that are not late
 *   2  those for sources that are late. The listener is late: a guest that connects again did so after
 *      its earlier connection ended, and that end, if it came in the same round, must be seen first
 *      (docs/architecture.md, "Order")
 *   3  the sources that loop_fd_ready() named, in the order of these calls. A new connection is read
 *      here, without epoll having been told of it. What is named during this pass waits for the last
 *      pass of the next round, which does not block then
 *
 * Work that can wait (struct loop_idle) is called when a round had no event, or after LOOP_IDLE_ROUNDS
 * rounds that each had one.
 *
 * Timers: one timerfd is armed for the earliest deadline. It is armed anew only when a deadline becomes
 * earlier. If the earliest timer is cancelled or moved back, the timerfd fires once for nothing and is
 * armed for the next timer then. So a deadline of seconds for each connection costs no system call.
 */
#ifndef LOOP_H
#define LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

struct loop_fd;
struct loop_timer;
struct loop_idle;

typedef void (*loop_fd_callback)(struct loop_fd *source);
typedef void (*loop_timer_callback)(struct loop_timer *timer, uint64_t now_usec);
typedef void (*loop_idle_callback)(struct loop_idle *idle);
typedef void (*loop_signal_callback)(void *user, const struct signalfd_siginfo *info);

/* Zero-initialise, then fill in callback and late. */
struct loop_fd {
	loop_fd_callback callback;
	bool late;
	bool added;
	int fd;
	uint32_t events; /* the kernel's, which the callback is called for; 0: named ready */
	struct loop_fd *ready_next;
	struct loop_fd **ready_link; /* what points at this one while it is named ready */
};

/* Zero-initialise, then fill in callback. */
struct loop_timer {
	loop_timer_callback callback;
	uint64_t deadline_usec; /* CLOCK_MONOTONIC; 0: not set */
	struct loop_timer *next;
	struct loop_timer **link; /* what points at this one while it is set */
};

/* Zero-initialise, then fill in callback. */
struct loop_idle {
	loop_idle_callback callback;
	struct loop *loop; /* NULL while it is not set */
};

/* More than all sources there can be, so that a round misses no event (see "Order"). */
#define LOOP_EVENTS 2048

#define LOOP_IDLE_ROUNDS 64

struct loop {
	int epoll;
	int timer_fd;
	uint64_t armed_usec; /* deadline that timer_fd stands at; 0: none */
	struct loop_timer *timers;
	struct loop_fd timer_source;
	struct loop_fd signal_source;
	loop_signal_callback signal_callback;
	void *signal_user;
	struct epoll_event *round; /* events not dispatched yet are in round[0 .. round_size) */
	int round_size;
	struct loop_fd *ready; /* called in the last pass, in the order in which they were named */
	struct loop_fd **ready_end;
	struct loop_idle *idle; /* NULL: nothing can wait */
	unsigned idle_rounds;   /* how many rounds it has waited for */
	bool stopped;
};

/* Returns 0 or a negative errno. */
int loop_init(struct loop *loop);
void loop_deinit(struct loop *loop);

int loop_fd_add(struct loop *loop, struct loop_fd *source, int fd, uint32_t events);
void loop_fd_remove(struct loop *loop, struct loop_fd *source);

/* Has the callback called in the last pass of this round; a second call before that changes nothing. */
void loop_fd_ready(struct loop *loop, struct loop_fd *source);

/* deadline_usec: CLOCK_MONOTONIC, not 0. A deadline that has passed fires in the next round. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t deadline_usec);
void loop_timer_cancel(struct loop_timer *timer);

/* Has the callback called once, when there is nothing else to do. */
void loop_idle_set(struct loop *loop, struct loop_idle *idle);
void loop_idle_cancel(struct loop_idle *idle);

/* Blocks the signals of set and has callback called for each that comes. To be called once for a loop. */
int loop_signals(struct loop *loop, const sigset_t *set, loop_signal_callback callback, void *user);

void loop_stop(struct loop *loop);

/* Runs until loop_stop(). Returns 0, or a negative errno if the kernel refuses epoll_wait(2). */
int loop_run(struct loop *loop);

#endif
