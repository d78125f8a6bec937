/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kinds of attack have in common (attack.c starts them). A kind runs in one or more processes,
 * none of which is the well-behaved guest's. Each comes to a point where its pressure is on: there it
 * calls attack_up(), and goes on until it is killed. Or it does all that it has to, and returns.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "../bench/unix_socket.h"

/* What a process of the attack tells the one that started it. */
struct attack_report {
	long done;
	bool holds; /* it goes on */
};

struct attack {
	struct sockaddr_un address; /* the shim's */
	long number;                /* which of the processes this is, from 0 */
	long connections;           /* at once, of this process */
	long count;                 /* messages, or what the kind counts, of this process */
	long bytes;                 /* of this process */
	long rate;                  /* a second, of this process */
	long msec;                  /* how long */
	bool again;                 /* what the shim has closed is opened again */
	bool spin;                  /* does not wait in connect(2) for room in the shim's backlog */
	int beat_fd; /* a byte comes with each of the good guest's messages; -1: a second */
	int up_fd;   /* where the parent waits for attack_up() */
};

/* The pressure is on and stays on; so much of the kind's unit makes it. */
void attack_up(struct attack *attack, long done);

/* Returns what has been done, unless it goes on until it is killed. */
typedef long (*attack_run)(struct attack *attack);

/* Connections that are slow or do nothing: attack_connections.c. */
long attack_idle(struct attack *attack);
long attack_unended(struct attack *attack);
long attack_slow(struct attack *attack);
long attack_churn(struct attack *attack);
long attack_half_close(struct attack *attack);
long attack_dead_socket(struct attack *attack);

/* Connections that go away at each point of the shim's state machine: attack_states.c. */
long attack_states(struct attack *attack);

/* Bytes: attack_bytes.c. */
long attack_rubbish(struct attack *attack);
long attack_values(struct attack *attack);
long attack_lengths(struct attack *attack);

/* As many messages as can be: attack_flood.c. */
long attack_open_loop(struct attack *attack);
long attack_closed_loop(struct attack *attack);
long attack_fill(struct attack *attack);
long attack_hoard(struct attack *attack);

/* CLOCK_MONOTONIC, microseconds. */
int64_t attack_clock(void);

/* Connects; -1 where the shim takes no connection at the moment. */
int attack_connect(const struct attack *attack, int flags);

/* Waits for the other side's end of the connection and closes it. */
void attack_await_end(int fd);

/* Does nothing more, until it is killed. Its connections stay until then. */
_Noreturn void attack_hold(void);

/* A whole message in closed loop: connect, send, shut down, wait for the end. */
void attack_say(const struct attack *attack, const void *bytes, size_t length);

#endif
