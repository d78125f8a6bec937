/* SPDX-License-Identifier: Apache-2.0 */
/* What the events of a guest and its VMM mean for the service. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/socket_table.h"
#include "children.h"
#include "run_private.h"

/* Ends the VMM, and has this process exit with a failure. */
static void fail(struct run *run, const char *why)
{
	if (run->status.failed)
		return;
	log_error("%s: ending the VMM", why);
	run->status.failed = true;
	supervisor_give_up(&run->supervisor);
}

/* A VMM makes its vsock socket when it starts. */
#define PROOF_USEC (5 * USEC_PER_SEC)

static void note_event(struct run *run, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_GUEST_BOOTING:
		run->status.guest = -1;
		run->status.unfinished = run->status.finished = false;
		run->ready = run->announces = false;
		break;
	case VSN_EVENT_GUEST_UNIT_ACTIVE:
		run->announces = true;
		break;
	case VSN_EVENT_GUEST_READY:
		run->ready = true;
		break;
	case VSN_EVENT_GUEST_STOPPING:
		/* The way is in the guest's last message. */
		run->status.unfinished = event->length == 0;
		run->status.finished = event->length > 0;
		break;
	case VSN_EVENT_GUEST_EXIT:
		run->status.guest = (int)event->number;
		break;
	case VSN_EVENT_VM_PAUSED:
		run->supervisor.maybe_paused = true;
		break;
	case VSN_EVENT_VM_RESUMED:
		run->supervisor.maybe_paused = false;
		break;
	default:
		break;
	}
}

/* observe of the bridge: what the guest's state means for the service. */
static void observe(struct bridge *bridge, const struct vsn_event *event)
{
	struct run *run = container_of(bridge, struct run, bridge);

	run->heard |= event->type != VSN_EVENT_VM_STARTED;
	note_event(run, event);
	run->ending.ready = run->ready;
	run->ending.asked = run->supervisor.asked;
	switch (ending_of(&run->ending, event)) {
	case ENDING_NONE:
		break;
	case ENDING_LINGER:
		supervisor_linger(&run->supervisor);
		break;
	case ENDING_REBOOTS:
		run->status.rebooting = run->ending.reboots = true;
		supervisor_linger(&run->supervisor);
		break;
	case ENDING_REBOOTED:
		/* A guest that was asked to power off and reboots all the same does not start its unit again. */
		run->status.rebooting |= !run->ending.asked;
		log_info("the guest has rebooted: ending the VMM");
		supervisor_give_up(&run->supervisor);
		break;
	case ENDING_PANIC:
		fail(run, "the guest's kernel panicked");
		break;
	case ENDING_EMERGENCY:
		fail(run, "the guest is in emergency mode (--on-emergency=fail)");
		break;
	}
}

static void vmm_event(struct event_monitor *monitor, enum vsn_event_type what)
{
	bridge_event(&container_of(monitor, struct run, monitor)->bridge, what, 0);
}

/* Whether a launcher is known to leave the VMM behind. Then it may be signalled, too. */
static bool may_leave_vmm(const struct run *run)
{
	return run->launch.plan.forks || run->options->follow;
}

/*
 * Which child of a process that has ended with status is the VMM: the one that has connected for the guest, unless the vsock
 * device is a process of its own. If the user has said that there is a launcher, or it is known, any child is (jailer --daemonize
 * has two launchers). Else a process that exits with 0 before anything was heard of the VM may have been a launcher, or a VMM
 * that leaves a helper: a child is watched then, and has to prove itself. What is left of a VMM that was to end is the service
 * manager's.
 */
static struct children_wanted wanted_after(const struct run *run, int status)
{
	bool silent = status == 0 && !run->heard;
	bool first_launcher = may_leave_vmm(run) && !run->followed;
	bool own_device = !run->launch.plan.device_apart;
	struct children_wanted wanted = {
		.program = run->launch.plan.program,
		.except = run->supervisor.command.pid,
	};

	if (run->supervisor.stage != SUPERVISOR_RUNNING && !first_launcher)
		return wanted;
	wanted.any = first_launcher || (silent && (may_leave_vmm(run) || own_device));
	wanted.named = silent;
	if ((status == 0 || first_launcher) && own_device)
		wanted.connected = (pid_t)run->bridge.connections.backend.pid;
	return wanted;
}

/* Whether a VMM lives: its guest has said something, or its vsock socket is there. */
static bool vmm_has_shown(const struct run *run)
{
	const char *vsock = run->launch.plan.vsock;

	return run->heard || (run->sockets && (socket_table_has(run->sockets, vsock, false) ||
	                                       socket_table_has_name(run->sockets, vsock)));
}

static void proof_time(struct loop_timer *timer, uint64_t now)
{
	struct run *run = container_of(timer, struct run, proof_timer);
	const struct vmm_end end = {0};

	(void)now;
	if (vmm_has_shown(run) || !run->supervisor.pid)
		return;
	log_warning("%s has ended, and neither a guest nor a vsock socket has shown since: ending. "
	            "If it leaves the VMM behind, write --follow",
	            run->launch.plan.arguments.items[0]);
	supervisor_leave(&run->supervisor, &end);
}

static void tell_what_is_left(const struct run *run, const char *launcher, int count)
{
	if (count < 0 && may_leave_vmm(run))
		log_warning("cannot look for the VMM that %s left behind: %s", launcher,
		            strerror(-count));
	else if (count > 0 && !run->heard && run->supervisor.stage == SUPERVISOR_RUNNING)
		log_warning("%s has ended and left %d process%s behind: if one of them is the VMM, "
		            "write --follow",
		            launcher, count, count == 1 ? "" : "es");
}

/* The process that was started has ended, with status of waitpid(2): which of its children is the VMM now? */
static pid_t follow(struct supervisor *supervisor, int status)
{
	struct run *run = container_of(supervisor, struct run, supervisor);
	struct peer_rule *rule = &run->bridge.connections.peer_rule;
	const char *launcher = run->launch.plan.arguments.items[0];
	const struct children_wanted wanted = wanted_after(run, status);
	struct child children[CHILDREN_MAX];
	int count = children_list(rule->proc_fd, children);
	const struct child *vmm = children_choose(children, count > 0 ? (size_t)count : 0, &wanted);

	if (!vmm) {
		tell_what_is_left(run, launcher, count - (supervisor->command.pid != 0));
		return 0;
	}
	log_info("%s has ended and left the VMM behind: %s (pid %d)", launcher, vmm->name,
	         (int)vmm->pid);
	run->followed = true;
	rule->vmm = vmm->pid;
	if (!may_leave_vmm(run) && vmm->pid != wanted.connected) {
		run->proof_timer.callback = proof_time;
		loop_timer_set(&run->loop, &run->proof_timer, now_usec() + PROOF_USEC);
	}
	bridge_event(&run->bridge, VSN_EVENT_VM_STARTED, vmm->pid);
	return vmm->pid;
}

static void vmm_ended(struct supervisor *supervisor, const struct vmm_end *end)
{
	struct run *run = container_of(supervisor, struct run, supervisor);

	run->status.vmm = end->status;
	run->status.foreign = end->foreign;
	run->status.ended = supervisor->stage >= SUPERVISOR_TERMINATED;
	run->status.rebooting |= supervisor->reboot;
	/* The VMM may have answered in the moment in which somebody else ended it: such a guest has not begun to shut down. */
	run->left_behind = end->left_behind;
	loop_timer_cancel(&run->proof_timer);
	run->interrupted =
		end->interrupted || (end->asked && run->announces && !run->status.unfinished);
	bridge_stop(&run->bridge);
}

static void explain_end(const struct run *run)
{
	if (run->interrupted && !run->status.finished)
		log_warning("the VMM ended before its guest could be shut down: does the unit have "
		            "KillMode=mixed? With KillMode=control-group, the default, the service "
		            "manager ends the VMM at once");
	if (exit_status_is_unknown(&run->status))
		log_warning("the guest shut down, but its last message was lost, and its exit "
		            "status with it: exiting with %d (--exit-status-unknown)",
		            run->status.unknown);
}

/* The guest's last message has been read, so its exit status is known now if it sent one. */
static void drained(struct bridge *bridge)
{
	struct run *run = container_of(bridge, struct run, bridge);

	explain_end(run);
	bridge_event(bridge, VSN_EVENT_VM_STOPPED, exit_status_of(&run->status));
}

static bool is_ours(struct supervisor *supervisor, pid_t pid)
{
	return bridge_trusts(&container_of(supervisor, struct run, supervisor)->bridge, pid);
}

void run_watch_events(struct run *run)
{
	run->supervisor.is_ours = is_ours;
	run->bridge.observe = observe;
	run->bridge.drained = drained;
	run->supervisor.follow = follow;
	run->supervisor.ended = vmm_ended;
	run->monitor.event = vmm_event;
}
