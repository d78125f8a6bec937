/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Barriers, as in sd_notify_barrier(3): the write end of a pipe is sent to the service manager with BARRIER=1. The manager
 * closes it when it has processed everything that was sent before, and then the read end reports a hang-up.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include "base/delivery.h"
#include "base/loop.h"

#define BARRIER_TEXT "BARRIER=1"

/* The barriers that have been sent and have not returned. Fill in loop and returned, first is NULL. */
struct barrier_set {
	struct loop *loop;
	struct barrier *first;
	/* Called when a barrier has returned and has been freed. hold: the one that waited for it, or NULL. */
	void (*returned)(struct barrier_set *set, struct hold *hold);
};

struct barrier {
	struct barrier *next;
	struct barrier_set *set;
	struct loop_fd source;
	int read_fd;
	struct hold *hold;
};

/*
 * Makes a pipe and watches its read end. The caller sends *write_fd to the service manager and closes it. Returns NULL with
 * errno set on failure.
 */
struct barrier *barrier_new(struct barrier_set *set, struct hold *hold, int *write_fd);

/* Closes and frees the barrier; returned is not called. */
void barrier_free(struct barrier *barrier);

/* Takes the hold off a barrier that has one. Returns it, or NULL if no barrier has one. */
struct hold *barrier_take_hold(struct barrier_set *set);

/* The barriers of this hold have no hold from now on. */
void barrier_forget_hold(struct barrier_set *set, const struct hold *hold);

#endif
