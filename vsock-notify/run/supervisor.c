/* SPDX-License-Identifier: Apache-2.0 */
/* Watches and signals the VMM (theory: supervisor.h). */
#include "supervisor.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void vmm_ended(struct loop_fd *source)
{
	struct supervisor *supervisor = container_of(source, struct supervisor, source);
	int status;

	if (waitpid(supervisor->pid, &status, WNOHANG) != supervisor->pid)
		return;
	supervisor->pid = 0;
	supervisor_deinit(supervisor);
	if (WIFSIGNALED(status))
		log_info("the VMM was ended by %s", strsignal(WTERMSIG(status)));
	else
		log_info("the VMM exited with %d", WEXITSTATUS(status));
	supervisor->ended(supervisor, exit_code(status));
}

static void terminate(struct supervisor *supervisor)
{
	loop_timer_cancel(&supervisor->stop_timer);
	if (supervisor->pid)
		kill(supervisor->pid, SIGTERM);
}

static void kill_time(struct loop_timer *timer, uint64_t now)
{
	struct supervisor *supervisor = container_of(timer, struct supervisor, kill_timer);

	(void)now;
	if (supervisor->pid)
		kill(supervisor->pid, SIGKILL);
}

void supervisor_give_up(struct supervisor *supervisor)
{
	if (!supervisor->pid || supervisor->given_up)
		return;
	supervisor->given_up = true;
	terminate(supervisor);
	loop_timer_set(supervisor->loop, &supervisor->kill_timer,
	               now_usec() + SUPERVISOR_KILL_USEC);
}

static void stop_time(struct loop_timer *timer, uint64_t now)
{
	struct supervisor *supervisor = container_of(timer, struct supervisor, stop_timer);

	(void)now;
	log_warning("the guest has not powered off in %llu s (--stop-timeout): ending the VMM",
	            (unsigned long long)(supervisor->stop_timeout_usec / USEC_PER_SEC));
	terminate(supervisor);
}

static void button_answer(struct power_button *button, bool pressed)
{
	struct supervisor *supervisor = container_of(button, struct supervisor, button);

	if (pressed) {
		log_info("the guest's power button was pressed");
		return;
	}
	log_warning("the VMM did not press the guest's power button: ending the VMM");
	terminate(supervisor);
}

static void ask_to_stop(struct supervisor *supervisor)
{
	int r;

	supervisor->stopping = true;
	if (!supervisor->api_socket) {
		terminate(supervisor);
		return;
	}
	r = power_button_press(&supervisor->button, supervisor->api_socket);
	if (r < 0) {
		log_warning("cannot press the power button at %s: %s: ending the VMM",
		            supervisor->api_socket, strerror(-r));
		terminate(supervisor);
		return;
	}
	loop_timer_set(supervisor->loop, &supervisor->stop_timer,
	               now_usec() + supervisor->stop_timeout_usec);
}

/* The terminal sends the signals of its keys to the whole foreground process group, but SIGHUP only to the leader. */
static bool is_from_terminal(const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL &&
	       (info->ssi_signo == SIGINT || info->ssi_signo == SIGQUIT);
}

void supervisor_signal(void *user, const struct signalfd_siginfo *info)
{
	struct supervisor *supervisor = user;
	int signal = (int)info->ssi_signo == SUPERVISOR_POWER_OFF ? SIGTERM : (int)info->ssi_signo;

	if (!supervisor->pid)
		return;
	if (signal == SIGTERM && !supervisor->stopping)
		ask_to_stop(supervisor);
	else if (signal == SIGTERM)
		terminate(supervisor);
	else if (!is_from_terminal(info))
		kill(supervisor->pid, signal);
}

void supervisor_init(struct supervisor *supervisor, struct loop *loop)
{
	*supervisor = (struct supervisor){
		.loop = loop,
		.pidfd = -1,
		.source.callback = vmm_ended,
		.stop_timer.callback = stop_time,
		.kill_timer.callback = kill_time,
	};
	power_button_init(&supervisor->button, loop);
	supervisor->button.answer = button_answer;
}

int supervisor_catch_signals(struct supervisor *supervisor)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigaddset(&set, SUPERVISOR_POWER_OFF);
	return loop_signals(supervisor->loop, &set, supervisor_signal, supervisor);
}

int supervisor_start(struct supervisor *supervisor, const struct spawn *what,
                     struct failure *failure)
{
	int r = spawn(what, &supervisor->pid, &supervisor->pidfd, failure);

	if (r < 0) {
		supervisor->pid = 0;
		return r;
	}
	return loop_fd_add(supervisor->loop, &supervisor->source, supervisor->pidfd, EPOLLIN);
}

void supervisor_deinit(struct supervisor *supervisor)
{
	power_button_deinit(&supervisor->button);
	loop_timer_cancel(&supervisor->stop_timer);
	loop_timer_cancel(&supervisor->kill_timer);
	loop_fd_remove(supervisor->loop, &supervisor->source);
	close_fd(&supervisor->pidfd);
	if (!supervisor->pid)
		return;
	kill(supervisor->pid, SIGKILL);
	waitpid(supervisor->pid, NULL, 0);
	supervisor->pid = 0;
}
