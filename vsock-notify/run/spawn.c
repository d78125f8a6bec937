/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the VMM as it would have been started (theory: spawn.h). */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

void spawn_save_signals(struct spawn_signals *signals)
{
	struct sigaction by_default = {.sa_handler = SIG_DFL};

	sigprocmask(SIG_SETMASK, NULL, &signals->mask);
	sigaction(SIGPIPE, NULL, &signals->pipe);
	sigaction(SIGCHLD, &by_default, &signals->child);
}

/* In the child: returns only where the program could not be executed, with a negative errno. */
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
	if (what->argv0)
		arguments[0] = (char *)(uintptr_t)what->argv0;
	sigaction(SIGPIPE, &what->signals->pipe, NULL);
	sigaction(SIGCHLD, &what->signals->child, NULL);
	sigprocmask(SIG_SETMASK, &what->signals->mask, NULL);
	execvp(program, arguments);
	return -errno;
}

/* The child's report: nothing where exec closed the pipe, else a negative errno. */
static int read_report(int fd)
{
	int error = 0;
	ssize_t n;

	do {
		n = read(fd, &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(error) ? error : 0;
}

static int pidfd_open_cloexec(pid_t pid)
{
	/* pidfd_open(2): the descriptor is close-on-exec by itself. */
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : fd;
}

int spawn(const struct spawn *what, pid_t *pid, int *pidfd)
{
	CLEANUP_FD int report = -1;
	pid_t parent = getpid();
	int ends[2];
	int error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	report = ends[0];
	*pid = fork();
	if (*pid == 0) {
		error = become(what, parent);
		if (write(ends[1], &error, sizeof(error)) < 0)
			_exit(126);
		_exit(127);
	}
	error = *pid < 0 ? -errno : 0;
	close(ends[1]);
	if (error == 0)
		error = read_report(report);
	if (error == 0) {
		*pidfd = pidfd_open_cloexec(*pid);
		error = *pidfd < 0 ? *pidfd : 0;
		if (error < 0)
			kill(*pid, SIGKILL);
	}
	if (error < 0 && *pid > 0)
		waitpid(*pid, NULL, 0);
	return error;
}
