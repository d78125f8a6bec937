/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a worker alive (theory: keeper.h). */
#include "keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pidfd.h"
#include "pace.h"
#include "say.h"
#include "worker.h"

/* A worker that has run for this time starts without the pauses of earlier failures. */
#define WORKED_USEC UINT64_C(30000000)

struct keeper {
	struct publisher *publisher;
	const struct slot *slot;
	struct backoff backoff;
	uint64_t end_usec; /* the worker must be done by then; 0: vsock-notify is running */
};

/* Returns the earlier of until_usec and end_usec; 0 means "no limit" for both. */
static uint64_t earlier(const struct keeper *keeper, uint64_t until_usec)
{
	if (keeper->end_usec && (until_usec == 0 || keeper->end_usec < until_usec))
		return keeper->end_usec;
	return until_usec;
}

/* Sleeps until fd is readable (negative: no fd), or until a time (0: no limit), or end_usec. Returns whether fd is readable. */
static bool await(struct keeper *keeper, int fd, uint64_t until_usec)
{
	while (true) {
		struct pollfd fds[] = {
			{.fd = fd, .events = POLLIN},
			{.fd = keeper->end_usec ? -1 : RPC_FD_LIFE, .events = POLLIN},
		};
		uint64_t now = now_usec();
		uint64_t until = earlier(keeper, until_usec);

		if (until && now >= until)
			return false;
		if (poll(fds, 2, until ? (int)((until - now + 999) / 1000) : -1) < 0)
			continue;
		if (fds[0].revents)
			return true;
		if (!fds[1].revents)
			continue;
		keeper->end_usec = now_usec() + KEEPER_LAST_USEC;
		/* vsock-notify has ended: no pause is needed any more. */
		if (fd < 0)
			return false;
	}
}

static pid_t start_worker(const struct keeper *keeper)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
	exit(worker_run(keeper->publisher, keeper->slot));
}

/* Returns the worker's status, as waitpid(2) does. */
static int watch_worker(struct keeper *keeper, pid_t pid)
{
	int pidfd = pidfd_of(pid);
	int status = 0;

	if (pidfd < 0 || !await(keeper, pidfd, 0))
		kill(pid, SIGKILL);
	if (pidfd >= 0)
		close(pidfd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void say_death(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		say("libvirt did not answer for %d s; starting anew", CALL_SECONDS);
	else if (WIFSIGNALED(status))
		say("what speaks to libvirt was ended by signal %d; starting it anew",
		    WTERMSIG(status));
	else
		say("what speaks to libvirt has failed; starting it anew");
}

int keeper_run(struct publisher *publisher, const struct slot *slot)
{
	struct keeper keeper = {.publisher = publisher, .slot = slot};

	while (true) {
		uint64_t started = now_usec();
		pid_t pid = start_worker(&keeper);
		int status = pid < 0 ? -1 : watch_worker(&keeper, pid);

		if (status == 0)
			return EXIT_SUCCESS;
		if (keeper.end_usec && now_usec() >= keeper.end_usec) {
			say("the last state was not published in time");
			return EXIT_FAILURE;
		}
		if (pid > 0)
			say_death(status);
		if (now_usec() - started >= WORKED_USEC)
			keeper.backoff = (struct backoff){0};
		backoff_failed(&keeper.backoff, now_usec());
		/* After vsock-notify has ended there is no time for long pauses. */
		if (keeper.end_usec)
			keeper.backoff =
				(struct backoff){.until_usec = now_usec() + BACKOFF_FIRST_USEC};
		await(&keeper, -1, keeper.backoff.until_usec);
	}
}
