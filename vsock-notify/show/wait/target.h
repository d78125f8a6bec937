/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One VM that is watched, from before it starts to after its end, without polling: inotify(7) tells of its state file, and
 * the writer's pidfd of a writer that was killed and so left its file.
 *
 * The last state is followed by the removal of its file, maybe before anybody looks. So the name that it was written
 * under, which is in the queue and has the exit status (state/state_file.h), counts as much as what is in the file.
 */
#ifndef TARGET_H
#define TARGET_H

#include "wait_decide.h"
#include "watch.h"

struct target {
	const char *operand;
	char *path; /* of the state file; NULL: not known yet */
	char *file; /* its last component, in path */
	struct watch watch;
	int process_fd; /* of the writer; -1: none */
	struct state *state;
	struct wait_facts facts;
	bool last_said; /* a last state is being written */
	int last_status;
};

/* What target_wait() returns. */
#define TARGET_TIMEOUT     0
#define TARGET_EVENT       1
#define TARGET_INTERRUPTED 2

/* Returns 0, or a negative errno after an error line; like all of these. To be closed in any case. */
int target_open(struct target *target, const char *operand);

/* Looks at what there is now, into facts. A file that cannot be read is an error. */
int target_look(struct target *target);

/* Waits for something to look at, or for the time (CLOCK_MONOTONIC; 0: for ever), or for a signal (interrupt.h). */
int target_wait(struct target *target, uint64_t until_usec);

/* The end that was seen has been dealt with: what comes next is another's. */
void target_begin_again(struct target *target);

void target_close(struct target *target);

#endif
