/* SPDX-License-Identifier: Apache-2.0 */
/* Watches, signals and ends the VMM (theory: supervisor.h). */
#include "supervisor.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"

static uint64_t bit(int signal)
{
	return UINT64_C(1) << signal;
}

static unsigned long long seconds(uint64_t usec)
{
	return usec / USEC_PER_SEC;
}

static void send_signal(struct supervisor *supervisor, int signal)
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

/* Enters a stage, which ends after usec. In the same stage the deadline may only come nearer. */
static void enter(struct supervisor *supervisor, enum supervisor_stage stage, uint64_t usec)
{
	uint64_t deadline = now_usec() + usec;

	if (stage == supervisor->stage && deadline >= supervisor->timer.deadline_usec)
		return;
	supervisor->stage = stage;
	loop_timer_set(supervisor->loop, &supervisor->timer, deadline);
}

static void terminate(struct supervisor *supervisor, uint64_t usec)
{
	api_client_cancel(&supervisor->client);
	send_signal(supervisor, SIGTERM);
	if (supervisor->out_of_reach)
		enter(supervisor, SUPERVISOR_KILLED, SUPERVISOR_KILL_USEC);
	else if (supervisor->stage < SUPERVISOR_KILLED)
		enter(supervisor, SUPERVISOR_TERMINATED, usec);
}

void supervisor_give_up(struct supervisor *supervisor)
{
	if (supervisor->pid && supervisor->stage < SUPERVISOR_TERMINATED)
		terminate(supervisor, SUPERVISOR_KILL_USEC);
}

void supervisor_linger(struct supervisor *supervisor)
{
	uint64_t deadline = now_usec() + supervisor->linger_usec;

	if (!supervisor->pid || supervisor->stage >= SUPERVISOR_LINGERING)
		return;
	supervisor->shuts_down = true;
	/* What is left of the stop timeout is not made longer. */
	if (supervisor->stage == SUPERVISOR_ASKED)
		deadline = min_u64(deadline, supervisor->timer.deadline_usec);
	supervisor->stage = SUPERVISOR_LINGERING;
	loop_timer_set(supervisor->loop, &supervisor->timer, deadline);
}

/* --- the VMM's end, and that of other children */

static void finish(struct supervisor *supervisor, const struct vmm_end *end)
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
		.interrupted = asked && (!supervisor->shuts_down ||
	                                 (signalled && WTERMSIG(status) == SIGTERM)),
	};

	if (signalled)
		log_info("the VMM was ended by %s", strsignal(WTERMSIG(status)));
	else
		log_info("the VMM exited with %d", WEXITSTATUS(status));
	finish(supervisor, &end);
}

static void started_process_ended(struct supervisor *supervisor, int status)
{
	supervisor->pid = supervisor->follow ? supervisor->follow(supervisor, status) : 0;
	if (!supervisor->pid)
		vmm_ended(supervisor, status);
}

static void command_ended(struct supervisor *supervisor, int status)
{
	supervisor->command.pid = 0;
	if (supervisor->stage != SUPERVISOR_ASKED)
		return;
	if (status == 0) {
		supervisor->shuts_down = true;
		log_info("the stop command has ended: waiting for the guest");
		return;
	}
	log_warning("the stop command %s %d: ending the VMM",
	            WIFSIGNALED(status) ? "was ended by signal" : "exited with",
	            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	supervisor_give_up(supervisor);
}

static void reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == supervisor->pid)
			started_process_ended(supervisor, status);
		else if (pid == supervisor->command.pid)
			command_ended(supervisor, status);
	}
}

/* --- deadlines */

static void log_asked_too_long(const struct supervisor *supervisor)
{
	if (supervisor->hung_up)
		log_warning("nobody answers at the VMM's API socket %s: ending the VMM",
		            supervisor->api_socket);
	else if (supervisor->shuts_down)
		log_warning(
			"the guest has not powered off in %llu s (--stop-timeout): ending the VMM",
			seconds(supervisor->stop_timeout_usec));
	else
		log_warning("%s has not answered in %llu s (--stop-timeout): ending the VMM",
		            supervisor->command.pid ? "the stop command" : "the VMM's API",
		            seconds(supervisor->stop_timeout_usec));
}

static void kill_vmm(struct supervisor *supervisor)
{
	log_warning("the VMM has not ended at SIGTERM: killing it");
	send_signal(supervisor, SIGKILL);
	enter(supervisor, SUPERVISOR_KILLED, SUPERVISOR_KILL_USEC);
}

static void leave_behind(struct supervisor *supervisor)
{
	const struct vmm_end end = {.status = 128 + SIGKILL};

	log_error("the VMM (pid %d) does not end: leaving it to the service manager",
	          (int)supervisor->pid);
	finish(supervisor, &end);
}

static void stage_time(struct loop_timer *timer, uint64_t now)
{
	struct supervisor *supervisor = container_of(timer, struct supervisor, timer);

	(void)now;
	switch (supervisor->stage) {
	case SUPERVISOR_RUNNING:
		break;
	case SUPERVISOR_ASKED:
		log_asked_too_long(supervisor);
		supervisor_give_up(supervisor);
		break;
	case SUPERVISOR_LINGERING:
		log_info("the guest has shut down, and the VMM has not ended in %llu s "
		         "(--linger): ending it",
		         seconds(supervisor->linger_usec));
		supervisor_give_up(supervisor);
		break;
	case SUPERVISOR_TERMINATED:
		kill_vmm(supervisor);
		break;
	case SUPERVISOR_KILLED:
		leave_behind(supervisor);
		break;
	}
}

/* --- asking the guest to shut down */

static void api_answer(struct api_client *client, enum api_result result, const char *words)
{
	struct supervisor *supervisor = container_of(client, struct supervisor, client);

	/* Perhaps the VMM has ended just now. */
	reap(supervisor);
	if (!supervisor->pid)
		return;
	switch (result) {
	case API_SHUTS_DOWN:
		supervisor->shuts_down = true;
		log_info("the VMM has told its guest to shut down");
		break;
	case API_REFUSES:
		log_warning("the VMM does not tell its guest to shut down (%s): ending the VMM",
		            words);
		supervisor_give_up(supervisor);
		break;
	case API_HANGS_UP:
		supervisor->hung_up = true;
		enter(supervisor, SUPERVISOR_ASKED, SUPERVISOR_HANG_UP_USEC);
		break;
	}
}

static void ask(struct supervisor *supervisor)
{
	if (supervisor->command.pid && stop_command_run(&supervisor->command) == 0) {
		supervisor->by_command = true;
		enter(supervisor, SUPERVISOR_ASKED, supervisor->stop_timeout_usec);
	} else if (supervisor->api_socket) {
		enter(supervisor, SUPERVISOR_ASKED, supervisor->stop_timeout_usec);
		api_client_shut_down(&supervisor->client, supervisor->api, supervisor->api_socket,
		                     supervisor->maybe_paused);
	} else {
		terminate(supervisor, supervisor->stop_timeout_usec);
	}
}

static void request_stop(struct supervisor *supervisor, bool reboot)
{
	supervisor->reboot = reboot;
	if (supervisor->stage == SUPERVISOR_RUNNING)
		ask(supervisor);
	else
		terminate(supervisor, SUPERVISOR_KILL_USEC);
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
		reap(supervisor);
	else if (!supervisor->pid)
		return;
	else if (vmm_has_it_too(supervisor, info))
		supervisor->sent |= bit(signal);
	else if (signal == SIGTERM || signal == SUPERVISOR_HALT || signal == SUPERVISOR_POWER_OFF)
		request_stop(supervisor, false);
	else if (signal == SIGINT || signal == SUPERVISOR_REBOOT)
		request_stop(supervisor, true);
	else
		send_signal(supervisor, signal);
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
		.timer.callback = stage_time,
		.command.go_fd = -1,
	};
	api_client_init(&supervisor->client, loop);
	supervisor->client.answer = api_answer;
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
