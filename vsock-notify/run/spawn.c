/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the VMM (theory: spawn.h). */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/inherited_fds.h"
#include "base/parse.h"

void spawn_save_signals(struct spawn_signals *signals)
{
	struct sigaction by_default = {.sa_handler = SIG_DFL};

	sigprocmask(SIG_SETMASK, NULL, &signals->mask);
	sigaction(SIGPIPE, NULL, &signals->pipe);
	sigaction(SIGCHLD, &by_default, &signals->child);
}

/*
 * Descriptors that the unit passed (OpenFile=, the descriptor store, sockets) are the VMM's: it finds them as if the unit had
 * started it without us. sd_listen_fds(3) looks whether they are for its own process.
 */
static void hand_on_passed_fds(pid_t parent)
{
	const char *text = getenv("LISTEN_PID");
	char own[16];
	uint64_t pid;

	if (!text || parse_u64(text, &pid) < 0 || pid != (uint64_t)parent)
		return;
	snprintf(own, sizeof(own), "%d", getpid());
	setenv("LISTEN_PID", own, 1);
	unsetenv("LISTEN_PIDFDID");
}

/* close_range(2) with CLOSE_RANGE_CLOEXEC, kernel 5.11. An older one leaves the descriptors open. */
static void keep_to_itself(void)
{
	inherited_fds_unset_passed();
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 1u << 2);
}

/* Runs in the child. Returns only if the program could not be executed, with a negative errno. */
static int become(const struct spawn *what, pid_t parent)
{
	const char *program = what->arguments[0];
	char **arguments = (char **)(uintptr_t)what->arguments;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -errno;
	if (getppid() != parent)
		return -ESRCH;
	if (what->pass_fd >= 0 && fcntl(what->pass_fd, F_SETFD, 0) < 0)
		return -errno;
	if (what->stdin_fd >= 0 && dup2(what->stdin_fd, STDIN_FILENO) < 0)
		return -errno;
	if (what->argv0)
		arguments[0] = (char *)(uintptr_t)what->argv0;
	if (what->alone)
		keep_to_itself();
	else
		hand_on_passed_fds(parent);
	sigaction(SIGPIPE, &what->signals->pipe, NULL);
	sigaction(SIGCHLD, &what->signals->child, NULL);
	sigprocmask(SIG_SETMASK, &what->signals->mask, NULL);
	execvp(program, arguments);
	return -errno;
}

/* Starts a child and executes the program in it. Returns the child's pid, or a negative errno. */
static pid_t start_child(const struct spawn *what, int report_fd)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	int error;

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	error = become(what, parent);
	if (write(report_fd, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* Returns 0 when the child has executed the program, which closes the pipe, or the negative errno that is reported. */
static int read_report(int report_fd)
{
	struct pollfd report = {.fd = report_fd, .events = POLLIN};
	int error;

	if (poll(&report, 1, SPAWN_EXEC_MSEC) == 0)
		return -ETIMEDOUT;
	return read_whole(report_fd, &error, sizeof(error)) == sizeof(error) ? error : 0;
}

/* Returns 0 when the child has executed the program, or a negative errno. */
static int start_program(const struct spawn *what, pid_t *pid)
{
	CLEANUP_FD int report_fd = -1;
	int ends[2];
	int error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	report_fd = ends[0];
	*pid = start_child(what, ends[1]);
	close(ends[1]);
	if (*pid < 0)
		return *pid;
	error = read_report(report_fd);
	if (error == -ETIMEDOUT)
		kill(*pid, SIGKILL);
	/* A child that hangs in the kernel is not waited for. */
	if (error < 0)
		waitpid(*pid, NULL, error == -ETIMEDOUT ? WNOHANG : 0);
	return error;
}

int spawn(const struct spawn *what, pid_t *pid, struct failure *failure)
{
	int error = start_program(what, pid);

	if (error == 0)
		return 0;
	return failure_set(failure, error, "cannot execute %s: %s%s", what->arguments[0],
	                   strerror(-error),
	                   error == -ENOENT ? ": is it installed, and in $PATH?" : "");
}
