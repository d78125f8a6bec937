/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepts connections whatever happens, because cloud-hypervisor blocks in connect(2) while nobody does.
 *
 * One connection is accepted in a round of the loop, in its late pass. When the process has no file descriptor left, the
 * listening socket stays readable and nothing can be accepted, so a loop that just went on would spin. Then the oldest idle
 * connection is closed. If there is none, a spare descriptor, which is kept for this, is given up to accept one connection
 * and close it, and is taken again; so the listen backlog gets empty. If that does not help either (no memory), accepting
 * pauses for ACCEPT_PAUSE_USEC.
 */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include "admission.h"
#include "base/loop.h"

#define ACCEPT_PAUSE_USEC UINT64_C(20000)

struct acceptor {
	struct loop *loop;
	struct connections *connections;
	struct loop_fd source;
	struct loop_timer pause;
	int listen_fd;
	int spare_fd;
	/* acceptor_stop() */
	void (*stopped)(struct acceptor *acceptor);
	bool stop_looked;   /* the first of its rounds is over */
	unsigned stop_left; /* how many connections may still be accepted */
};

/* listen_fd stays the caller's. Returns 0 or a negative errno. */
int acceptor_start(struct acceptor *acceptor, struct loop *loop, int listen_fd,
                   struct connections *connections);

/*
 * Accepts the connections that are in the listen backlog, and then no more. Nothing is read early: they are accepted in the
 * last pass of a round and read in the last pass of the next, after the ends that the kernel reports for that round, because
 * a guest that connects again did so after its earlier connection ended. Calls stopped when all have been read, after one
 * whole round at the earliest. If there is no file descriptor left for the backlog, connections that have been read make room:
 * first the silent ones. Afterwards nothing more is accepted, and the acceptor needs no acceptor_deinit().
 */
void acceptor_stop(struct acceptor *acceptor, void (*stopped)(struct acceptor *acceptor));

/* Accepts no more, at once. */
void acceptor_deinit(struct acceptor *acceptor);

#endif
