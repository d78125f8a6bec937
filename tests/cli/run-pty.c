/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A terminal of its own for a command, which is its session's leader there: standard input is typed,
 * standard output has what the terminal shows, then "exit STATUS". The end of the input hangs up.
 *
 *	run-pty COMMAND...
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *doing)
{
	perror(doing);
	return 1;
}

/* In the child: the terminal becomes its own, and the command takes its place. */
static int become(const char *terminal, char **command)
{
	int fd;

	/* What a shell without job control has its background commands ignore. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open(terminal, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) < 0)
		return fail("run-pty: terminal");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	execvp(command[0], command);
	return fail("run-pty: exec");
}

/* Copies what there is. Returns 0 at the end of file. */
static int copy(int from, int to)
{
	char bytes[1024];
	ssize_t n = read(from, bytes, sizeof(bytes));

	return n > 0 && write(to, bytes, (size_t)n) == n;
}

int main(int argc, char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct pollfd sources[] = {{.fd = STDIN_FILENO, .events = POLLIN},
	                           {.fd = master, .events = POLLIN}};
	int status;
	pid_t pid;

	if (argc < 2 || master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return fail("run-pty");
	pid = fork();
	if (pid == 0)
		_exit(become(ptsname(master), argv + 1));
	while (poll(sources, 2, -1) > 0) {
		/* The terminal's end is an error: nobody has it open any more. */
		if (sources[1].revents && !copy(master, STDOUT_FILENO))
			break;
		if (sources[0].revents && !copy(STDIN_FILENO, master))
			break;
	}
	close(master);
	if (waitpid(pid, &status, 0) != pid)
		return fail("run-pty: wait");
	printf("exit %d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}
