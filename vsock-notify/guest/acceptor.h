/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepting, whatever happens: cloud-hypervisor blocks in connect(2) when nobody does.
 *
 * Out of file descriptors, the listening socket stays readable and nothing can be accepted: a loop
 * that goes on would spin. The oldest connection that is idle is closed; where there is none, a spare
 * descriptor, which is kept for this, is given up for one accept-and-close, and taken again, which
 * empties the backlog. What that does not cure (no memory) pauses accepting for
 * ACCEPT_PAUSE_USEC.
 */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include "base/loop.h"
#include "connection.h"

#define ACCEPT_PAUSE_USEC UINT64_C(20000)

struct acceptor {
	struct loop *loop;
	struct connections *connections;
	struct loop_fd source;
	struct loop_timer pause;
	int listen_fd;
	int spare_fd;
};

/* listen_fd stays the caller's. Returns 0 or a negative errno. */
int acceptor_start(struct acceptor *acceptor, struct loop *loop, int listen_fd,
                   struct connections *connections);

/* Accepts those that have connected already, then no more. */
void acceptor_stop(struct acceptor *acceptor);

#endif
