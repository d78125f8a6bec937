/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: one epoll, one timerfd, one signalfd, one thread.
 *
 * A source (struct loop_fd) and a timer (struct loop_timer) are embedded in what owns them, and the
 * callback finds its owner with container_of(). Kernel state is level-triggered. What may be done
 * when:
 *
 *   loop_fd_add      once; the fd stays the caller's, who removes the source before closing it
 *   loop_fd_remove   at any time, from any callback, also twice: a removed source gets no more calls,
 *                    not even for an event that the kernel reported in the same round
 *   loop_timer_set   at any time; loop_timer_cancel likewise
 *   loop_idle_set    at any time; loop_idle_cancel likewise. There is one of them: another replaces it
 *   loop_stop        from any callback; the round that is under way is finished
 *
 * Events of one round are dispatched in two passes, sources that are marked late in the second.
 * The listener is late: a guest that connects again did so after its earlier connection ended, and
 * that end, if it came in the same round, must be seen first (docs/architecture.md, "Order").
 *
 * What can wait (struct loop_idle) is called once there is nothing else to do, or after LOOP_IDLE_ROUNDS rounds
 * in which there always was.
 *
 * Timers: one timerfd stands at the earliest deadline. It is armed anew only where a deadline
 * becomes earlier; where the earliest one is cancelled or moved back, the timerfd fires once in vain
 * and is armed for the next then. Per-connection deadlines of seconds so cost no system call.
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

typedef void (*loop_fd_callback)(struct loop_fd *source, uint32_t events);
typedef void (*loop_timer_callback)(struct loop_timer *timer, uint64_t now_usec);
typedef void (*loop_idle_callback)(struct loop_idle *idle);
typedef void (*loop_signal_callback)(void *user, const struct signalfd_siginfo *info);

/* Zero-initialise, then fill in callback and late. */
struct loop_fd {
	loop_fd_callback callback;
	bool late;
	bool added;
	int fd;
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
	struct loop *loop; /* while it is set */
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
	struct loop_idle *idle; /* NULL: nothing can wait */
	unsigned idle_rounds;   /* that it has waited for */
	bool stopped;
};

/* Returns 0 or a negative errno. */
int loop_init(struct loop *loop);
void loop_deinit(struct loop *loop);

int loop_fd_add(struct loop *loop, struct loop_fd *source, int fd, uint32_t events);
void loop_fd_remove(struct loop *loop, struct loop_fd *source);

/* deadline_usec: CLOCK_MONOTONIC, not 0. A time that has passed fires in the next round. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t deadline_usec);
void loop_timer_cancel(struct loop_timer *timer);

/* Has the callback called once, when there is nothing else to do. */
void loop_idle_set(struct loop *loop, struct loop_idle *idle);
void loop_idle_cancel(struct loop_idle *idle);

/* Blocks the signals of set and has callback called for each that comes. Once a loop. */
int loop_signals(struct loop *loop, const sigset_t *set, loop_signal_callback callback, void *user);

void loop_stop(struct loop *loop);

/* Runs until loop_stop(). Returns 0, or a negative errno where the kernel refuses epoll_wait. */
int loop_run(struct loop *loop);

#endif
