/* SPDX-License-Identifier: Apache-2.0 */
/* The user's own command that has the guest shut down (see stop_command.h). */
#include "stop_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

/* The command is the shell's first argument, and gets /dev/null as its standard input. */
#define SCRIPT "read -r VMM_PID || exit 0; export VMM_PID; exec </dev/null; eval \"$1\""

int stop_command_prepare(struct stop_command *stop, const char *command,
                         const struct spawn_signals *signals, struct failure *failure)
{
	const char *arguments[] = {"/bin/sh", "-c", SCRIPT, "stop-command", command, NULL};
	CLEANUP_FD int read_fd = -1;
	struct spawn shell = {
		.arguments = (char *const *)(uintptr_t)arguments,
		.signals = signals,
		.pass_fd = -1,
		.alone = true,
	};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return failure_set(failure, -errno, "cannot make a pipe for --stop-command: %s",
		                   strerror(errno));
	read_fd = shell.stdin_fd = ends[0];
	stop->go_fd = ends[1];
	return spawn(&shell, &stop->pid, failure);
}

int stop_command_run(struct stop_command *stop, pid_t vmm)
{
	if (stop->pid == 0 || dprintf(stop->go_fd, "%d\n", (int)vmm) < 0)
		return -ESRCH;
	return 0;
}

void stop_command_deinit(struct stop_command *stop)
{
	close_fd(&stop->go_fd);
}
