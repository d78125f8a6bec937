/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user's own command that has the guest shut down (--stop-command=), in place of the power button.
 *
 * A confined process executes no program. So a shell is started before confinement, and it waits for one line on its standard
 * input before it runs the command. If this process ends without that line, the shell does, too.
 */
#ifndef STOP_COMMAND_H
#define STOP_COMMAND_H

#include <sys/types.h>

#include "base/failure.h"
#include "spawn.h"

struct stop_command {
	pid_t pid; /* of the shell; 0: there is none, or it has ended */
	int go_fd; /* one line on it lets the command run; -1: none */
};

/* Starts the shell. Returns 0, or a negative errno with the failure set. */
int stop_command_prepare(struct stop_command *stop, const char *command,
                         const struct spawn_signals *signals, struct failure *failure);

/* Has the command run. Returns 0, or -ESRCH if the shell has ended. */
int stop_command_run(struct stop_command *stop, pid_t vmm);

/* The shell ends, if it still waits. */
void stop_command_deinit(struct stop_command *stop);

#endif
