/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the VMM, passes signals on to it, and waits for its end (theory: supervisor.h). */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "supervisor_private.h"

/* Signals are numbered from 1 to 64. */
static uint64_t bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

void supervisor_send(struct supervisor *supervisor, int signal)
{
	if (!supervisor->pid)
		return;
	supervisor->sent |= bit(signal);
	if (kill(supervisor->pid, signal) == 0 || errno == ESRCH)
		return;
	supervisor->out_of_reach = true;
	log_error("cannot send \"%s\" to the VMM (pid %d): %s: if a launcher left it behind, "
	          "--follow lets it be signalled",
	          strsignal(signal), (int)supervisor->pid, strerror(errno));
}

/* --- the VMM's end, and that of other children */

void supervisor_leave(struct supervisor *supervisor, const struct vmm_end *end)
{
	supervisor->pid = 0;
	api_client_cancel(&supervisor->client);
	loop_timer_cancel(&supervisor->timer);
	supervisor->ended(supervisor, end);
}

static void vmm_ended(struct supervisor *supervisor, int status)
{
	bool signalled = WIFSIGNALED(status);
	/* The stop command may end the VMM as it likes. */
	bool asked = supervisor->stage == SUPERVISOR_ASKED && !supervisor->by_command;
	const struct vmm_end end = {
		.status = signalled ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
		.foreign = signalled && !(supervisor->sent & bit(WTERMSIG(status))),
		.asked = asked,
		.interrupted = asked && (!supervisor->shuts_down ||
	                                 (signalled && WTERMSIG(status) == SIGTERM)),
	};

	if (signalled)
		log_info("the VMM was ended by %s", strsignal(WTERMSIG(status)));
	else
		log_info("the VMM exited with %d", WEXITSTATUS(status));
	supervisor_leave(supervisor, &end);
}

static void started_process_ended(struct supervisor *supervisor, int status)
{
	supervisor->pid = supervisor->follow ? supervisor->follow(supervisor, status) : 0;
	supervisor->out_of_reach = false;
	if (!supervisor->pid)
		vmm_ended(supervisor, status);
	/* What the launcher was sent was meant for the VMM. */
	else if (supervisor->stage >= SUPERVISOR_TERMINATED)
		supervisor_send(supervisor,
		                supervisor->stage == SUPERVISOR_KILLED ? SIGKILL : SIGTERM);
}

void supervisor_reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == supervisor->pid)
			started_process_ended(supervisor, status);
		else if (pid == supervisor->command.pid)
			supervisor_command_ended(supervisor, status);
	}
}

/* --- signals */

/* The terminal sends the signals of its keys to the whole foreground process group, but SIGHUP only to the session's leader. */
static bool vmm_has_it_too(const struct supervisor *supervisor, const struct signalfd_siginfo *info)
{
	if (info->ssi_code != SI_KERNEL)
		return false;
	return info->ssi_signo == SIGINT || info->ssi_signo == SIGQUIT ||
	       (info->ssi_signo == SIGHUP && !supervisor->leads_session);
}

void supervisor_signal(void *user, const struct signalfd_siginfo *info)
{
	struct supervisor *supervisor = user;
	int signal = (int)info->ssi_signo;

	if (signal == SIGCHLD)
		supervisor_reap(supervisor);
	else if (!supervisor->pid)
		return;
	else if (vmm_has_it_too(supervisor, info))
		supervisor->sent |= bit(signal);
	else if (signal == SIGTERM || signal == SUPERVISOR_HALT || signal == SUPERVISOR_POWER_OFF)
		supervisor_request_stop(supervisor, false);
	else if (signal == SIGINT || signal == SUPERVISOR_REBOOT)
		supervisor_request_stop(supervisor, true);
	else
		supervisor_send(supervisor, signal);
}

int supervisor_catch_signals(struct supervisor *supervisor)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD};
	sigset_t set;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -errno;
	supervisor->leads_session = getsid(0) == getpid();
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigaddset(&set, SUPERVISOR_HALT);
	sigaddset(&set, SUPERVISOR_POWER_OFF);
	sigaddset(&set, SUPERVISOR_REBOOT);
	return loop_signals(supervisor->loop, &set, supervisor_signal, supervisor);
}

/* --- beginning and end */

void supervisor_init(struct supervisor *supervisor, struct loop *loop)
{
	*supervisor = (struct supervisor){
		.loop = loop,
		.timer.callback = supervisor_stage_time,
		.command.go_fd = -1,
	};
	api_client_init(&supervisor->client, loop);
	supervisor->client.answer = supervisor_api_answer;
	supervisor->client.may_ask = supervisor_may_ask;
}

int supervisor_start(struct supervisor *supervisor, const struct spawn *what,
                     struct failure *failure)
{
	int r = spawn(what, &supervisor->pid, failure);

	if (r < 0)
		supervisor->pid = 0;
	return r;
}

/* Waits for a child that SIGKILL was sent to. */
static void wait_for_killed(const struct supervisor *supervisor)
{
	struct pollfd child = {.fd = supervisor->loop->signal_source.fd, .events = POLLIN};
	uint64_t deadline = now_usec() + SUPERVISOR_KILL_USEC;
	struct signalfd_siginfo info;
	uint64_t now;

	while (waitpid(supervisor->pid, NULL, WNOHANG) == 0) {
		now = now_usec();
		if (now >= deadline || poll(&child, 1, (int)((deadline - now) / 1000) + 1) == 0)
			return;
		if (read(child.fd, &info, sizeof(info)) < 0 && errno != EAGAIN)
			return;
	}
}

void supervisor_deinit(struct supervisor *supervisor)
{
	api_client_cancel(&supervisor->client);
	loop_timer_cancel(&supervisor->timer);
	stop_command_deinit(&supervisor->command);
	if (!supervisor->pid)
		return;
	kill(supervisor->pid, SIGKILL);
	wait_for_killed(supervisor);
	supervisor->pid = 0;
}
