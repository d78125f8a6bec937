/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watches one VM, from before its start until after its end, without polling. inotify(7) tells when its state file changes;
 * the writer's pidfd tells when the writer is killed and so leaves its file behind.
 *
 * The writer removes its file right after the last state, often before anybody has read it, and its folder may go too. So
 * the name that the last state is written under counts as much as the file: inotify tells it even after it is gone, and
 * it contains the exit status (state/state_file.h).
 */
#ifndef VM_WATCH_H
#define VM_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "folder_watch.h"
#include "state/state.h"
#include "writer.h"

/* What is known of the VM. */
struct vm_facts {
	struct state *state;  /* the newest that was seen; NULL: none was seen */
	uint64_t looked_usec; /* when the state was read, CLOCK_MONOTONIC */
	enum writer writer;   /* of the state */
	bool ended;           /* a writer announced the VM's end since the watch began */
	int exit_status;      /* that was announced with the end; -1: none was */
};

struct vm_watch {
	const char *operand;
	char *path; /* of the state file; NULL: not known yet */
	struct folder_watch folders;
	int process_fd; /* pidfd of the writer; -1: none */
	struct vm_facts facts;
	bool last_announced; /* the last state is being written, and is not in place yet */
	int last_status;     /* the exit status that it announces */
};

/* Return values of vm_watch_wait(). */
#define VM_WATCH_TIMEOUT 0
#define VM_WATCH_EVENT   1 /* or a signal */

/* Watches the VM that the operand of a command line names. Returns 0, or a negative errno. Close it in any case. */
int vm_watch_open(struct vm_watch *watch, const char *operand, struct failure *failure);

/*
 * Brings the facts up to date. Returns 0, or a negative errno; a state file that cannot be read is an error. After an
 * announced end the state is the ended VM's, with the life STATE_STOPPED or STATE_PANICKED, unless the next VM's is there.
 */
int vm_watch_look(struct vm_watch *watch, struct failure *failure);

/*
 * Waits until there is something to look at, until a time (CLOCK_MONOTONIC; 0: for ever), or for a signal (interrupt.h).
 * Returns one of the values above, or a negative errno.
 */
int vm_watch_wait(struct vm_watch *watch, uint64_t until_usec, struct failure *failure);

/* The caller has dealt with the end in the facts: from now on the watch is for the next VM with this operand. */
void vm_watch_begin_again(struct vm_watch *watch);

void vm_watch_close(struct vm_watch *watch);

#endif
