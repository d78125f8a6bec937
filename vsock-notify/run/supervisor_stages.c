/* SPDX-License-Identifier: Apache-2.0 */
/* The stages in which a VMM is ended (theory: supervisor.h): the guest is asked, and what follows when a deadline has come. */
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "supervisor_private.h"

static unsigned long long seconds(uint64_t usec)
{
	return usec / USEC_PER_SEC;
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
	supervisor_send(supervisor, SIGTERM);
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
	api_client_cancel(&supervisor->client);
	/* What is left of the stop timeout is not made longer. */
	if (supervisor->stage == SUPERVISOR_ASKED)
		deadline = min_u64(deadline, supervisor->timer.deadline_usec);
	supervisor->stage = SUPERVISOR_LINGERING;
	loop_timer_set(supervisor->loop, &supervisor->timer, deadline);
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
	supervisor_send(supervisor, SIGKILL);
	enter(supervisor, SUPERVISOR_KILLED, SUPERVISOR_KILL_USEC);
}

static void leave_behind(struct supervisor *supervisor)
{
	const struct vmm_end end = {
		.status = 128 + (supervisor->out_of_reach ? SIGTERM : SIGKILL),
		.left_behind = true,
	};

	log_error("the VMM (pid %d) does not end: leaving it to the service manager",
	          (int)supervisor->pid);
	supervisor_leave(supervisor, &end);
}

void supervisor_stage_time(struct loop_timer *timer, uint64_t now)
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
		log_info("the guest has shut down, and the VMM has not ended (--linger): ending "
		         "it");
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

void supervisor_api_answer(struct api_client *client, enum api_result result, const char *words)
{
	struct supervisor *supervisor = container_of(client, struct supervisor, client);

	/* Perhaps the VMM has ended just now. */
	supervisor_reap(supervisor);
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

bool supervisor_may_ask(struct api_client *client, pid_t pid)
{
	struct supervisor *supervisor = container_of(client, struct supervisor, client);

	return !supervisor->is_ours || supervisor->is_ours(supervisor, pid);
}

static bool run_stop_command(struct supervisor *supervisor)
{
	if (supervisor->command.go_fd < 0)
		return false;
	supervisor->by_command = stop_command_run(&supervisor->command, supervisor->pid) == 0;
	if (!supervisor->by_command)
		log_warning("the shell that was to run the stop command has ended: going on "
		            "without it");
	return supervisor->by_command;
}

static void ask(struct supervisor *supervisor)
{
	supervisor->asked = true;
	if (run_stop_command(supervisor)) {
		enter(supervisor, SUPERVISOR_ASKED, supervisor->stop_timeout_usec);
	} else if (supervisor->api_socket) {
		enter(supervisor, SUPERVISOR_ASKED, supervisor->stop_timeout_usec);
		api_client_shut_down(&supervisor->client, supervisor->api, supervisor->api_socket,
		                     supervisor->maybe_paused);
	} else {
		terminate(supervisor, supervisor->stop_timeout_usec);
	}
}

void supervisor_request_stop(struct supervisor *supervisor, bool reboot)
{
	supervisor->reboot = reboot;
	if (supervisor->stage == SUPERVISOR_RUNNING)
		ask(supervisor);
	else
		terminate(supervisor, SUPERVISOR_KILL_USEC);
}

/* --- the stop command's end */

void supervisor_command_ended(struct supervisor *supervisor, int status)
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
