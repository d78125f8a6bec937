/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts the VMM, or a stop command, in the state that it would have without this program in between.
 *
 * The parent changed its signal mask and the dispositions of SIGPIPE and SIGCHLD; the child restores them. The child keeps
 * all descriptors that the parent inherited, and one of the parent's own, pass_fd; the others are close-on-exec. The child
 * stays in the parent's process group and session, so that the VMM can use the terminal. The kernel kills the child when the
 * parent dies (PR_SET_PDEATHSIG). The child then calls getppid(2), to find out whether the parent died before that.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/failure.h"

/* The signal state at the start of this process, before it changed anything. */
struct spawn_signals {
	sigset_t mask;
	struct sigaction pipe;
	struct sigaction child;
};

/*
 * Saves the signal state, and sets SIGCHLD to its default action. If SIGCHLD were ignored, the kernel would reap the VMM and
 * drop its exit status.
 */
void spawn_save_signals(struct spawn_signals *signals);

/* exec(3) may have to wait for a file system that does not answer. */
#define SPAWN_EXEC_MSEC 30000

struct spawn {
	char *const *arguments; /* NULL-ended; the first is the program, looked up in $PATH */
	const char *argv0;      /* argv[0] of the child; NULL: the program */
	const struct spawn_signals *signals;
	int pass_fd; /* stays open in the child; -1: none */
	bool alone; /* the child gets no inherited descriptors but the standard ones, and nothing that the unit passed */
	int stdin_fd; /* becomes the child's standard input; -1: the parent's is kept */
};

/*
 * Starts the program. Returns 0 and sets *pid. If the program cannot be executed, or not in SPAWN_EXEC_MSEC, returns a
 * negative errno with the failure set; no child is left then, unless it hangs in exec(3).
 */
int spawn(const struct spawn *what, pid_t *pid, struct failure *failure);

#endif
