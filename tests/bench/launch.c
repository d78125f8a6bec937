/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch REPORT PROGRAM [ARGUMENT]...: runs PROGRAM until SIGTERM or SIGINT, which it passes on, and
 * writes into the file REPORT two lines: PROGRAM's process id, at once, and when it has ended the
 * microseconds of CPU, user and system, that it and the children it waited for have used. The kernel
 * counts them from the scheduler's nanoseconds, not in ticks.
 *
 * PROGRAM is meant to run until it is told to end: if it ends before, launch fails.
 */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long long usec(const struct timeval *time)
{
	return (long long)time->tv_sec * 1000000 + time->tv_usec;
}

/* The process id is there before the program is, so whoever sees the program at work can read it. */
static void run(FILE *report, char **argv, const sigset_t *signals)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fprintf(report, "%d\n", (int)getpid());
	fflush(report);
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execvp(argv[0], argv);
	warn("cannot run %s", argv[0]);
	_exit(127);
}

/* Waits for the child; returns whether it ended because it was told to. */
static bool wait_for(pid_t child, const sigset_t *signals, struct rusage *used)
{
	bool told = false;
	int signal;

	for (;;) {
		sigwait(signals, &signal);
		if (signal == SIGCHLD) {
			if (wait4(child, NULL, WNOHANG, used) == child)
				return told;
		} else {
			told = true;
			kill(child, signal);
		}
	}
}

int main(int argc, char **argv)
{
	struct rusage used;
	sigset_t signals;
	FILE *report;
	pid_t child;

	if (argc < 3) {
		fputs("Usage: launch REPORT PROGRAM [ARGUMENT]...\n", stderr);
		return 2;
	}
	report = fopen(argv[1], "we");
	if (!report)
		err(1, "%s", argv[1]);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0)
		run(report, argv + 2, &signals);
	if (!wait_for(child, &signals, &used))
		errx(1, "%s ended by itself", argv[2]);
	fseek(report, 0, SEEK_END);
	fprintf(report, "%lld\n", usec(&used.ru_utime) + usec(&used.ru_stime));
	return fclose(report) == 0 ? 0 : 1;
}
