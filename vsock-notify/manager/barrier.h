/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Barriers, as sd_notify_barrier(3) does it: the write end of a pipe goes to the service manager
 * with BARRIER=1; when the manager has processed everything before that message it closes it, and
 * the read end reports a hang-up.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include "base/loop.h"
#include "send_queue.h"

#define BARRIER_TEXT "BARRIER=1"

/* The barriers that are out. Fill in loop and returned, first is NULL. */
struct barrier_set {
	struct loop *loop;
	struct barrier *first;
	/* A barrier has returned and is gone; hold is who waited for it, NULL if nobody does. */
	void (*returned)(struct barrier_set *set, struct hold *hold);
};

struct barrier {
	struct barrier *next;
	struct barrier **link;
	struct barrier_set *set;
	struct loop_fd source;
	int read_fd;
	struct hold *hold;
};

/*
 * Makes a pipe and watches its read end; *write_fd is the caller's, to send away and close. Returns
 * NULL with errno set on failure.
 */
struct barrier *barrier_new(struct barrier_set *set, struct hold *hold, int *write_fd);

/* Closes and frees it; returned is not called. */
void barrier_free(struct barrier *barrier);

/* Nobody waits for this hold's barriers any more. */
void barrier_forget_hold(struct barrier_set *set, const struct hold *hold);

#endif
