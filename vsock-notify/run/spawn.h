/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting the VMM as it would have been started without this program in between.
 *
 * The child gets back what the parent changed for itself: the signal mask, the dispositions of
 * SIGPIPE and SIGCHLD. All descriptors that were inherited go on to it, none of the parent's own do
 * (they are close-on-exec) but the one that is named. It stays in the parent's process group and
 * session, so that a terminal is the VMM's. It dies with the parent: PR_SET_PDEATHSIG, and a look at
 * getppid(2) after it for a parent that died in between.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <signal.h>
#include <sys/types.h>

/* The signal state at start, before anything was changed. */
struct spawn_signals {
	sigset_t mask;
	struct sigaction pipe;
	struct sigaction child;
};

/*
 * Saves the state and sets SIGCHLD to its default: where it was ignored, the kernel would reap the
 * VMM, and its exit status with it.
 */
void spawn_save_signals(struct spawn_signals *signals);

struct spawn {
	char *const *arguments; /* NULL-ended; the first is looked up in $PATH */
	const char *argv0;      /* what the process is to be called; NULL: as the first argument */
	const struct spawn_signals *signals;
	int pass_fd; /* made to survive exec; -1: none */
};

/*
 * Starts it. Returns 0 with *pid and *pidfd (close-on-exec, the caller's); or a negative errno where
 * the program could not be executed (then no child is left) or started.
 */
int spawn(const struct spawn *what, pid_t *pid, int *pidfd);

#endif
