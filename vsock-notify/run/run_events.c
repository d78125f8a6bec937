/* SPDX-License-Identifier: Apache-2.0 */
/* What the events of a guest and its VMM mean for the service. */
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
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
	run->ending.asked = run->supervisor.stage != SUPERVISOR_RUNNING && !run->supervisor.reboot;
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
	case ENDING_REBOOT:
		run->status.rebooting = true;
		log_info("the guest has rebooted: ending the VMM (--reboot=exit)");
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
 * Whether what has ended was a launcher and not the VMM, whose helpers may outlive it. A VMM of which nothing was heard, and
 * that ends well, is none; but if its vsock device is a process of its own, that device may be what is left. A launcher that
 * is known to exit may leave another one behind: jailer --daemonize forks twice.
 */
static bool was_launcher(const struct run *run, int status)
{
	bool silent = status == 0 && !run->heard;

	if (may_leave_vmm(run))
		return silent || !run->followed;
	return silent && !run->launch.plan.device_apart;
}

/* The process that has connected for the guest, if that is the VMM; else 0. */
static pid_t connected_vmm(const struct run *run)
{
	return run->launch.plan.device_apart ? 0 : (pid_t)run->bridge.connections.backend.pid;
}

/* The process that was started has ended, with status of waitpid(2): which of its children is the VMM now? */
static pid_t follow(struct supervisor *supervisor, int status)
{
	struct run *run = container_of(supervisor, struct run, supervisor);
	struct peer_rule *rule = &run->bridge.connections.peer_rule;
	bool is_launcher = was_launcher(run, status);
	struct child children[CHILDREN_MAX];
	int count = children_list(rule->proc_fd, children);
	const struct child *vmm;

	/* What a VMM that was to end has left is the service manager's. */
	if (supervisor->stage != SUPERVISOR_RUNNING && !may_leave_vmm(run))
		return 0;
	if (count < 0 && is_launcher)
		log_warning("cannot look for a VMM that %s left behind: %s",
		            run->launch.plan.arguments.items[0], strerror(-count));
	if (count <= 0)
		return 0;
	vmm = children_choose(children, (size_t)count,
	                      &(struct children_wanted){
				      .program = run->launch.plan.program,
				      .connected = connected_vmm(run),
				      .except = supervisor->command.pid,
				      .any = is_launcher,
			      });
	if (!vmm)
		return 0;
	log_info("%s has ended and left the VMM behind: %s (pid %d)",
	         run->launch.plan.arguments.items[0], vmm->name, (int)vmm->pid);
	run->followed = true;
	rule->vmm = vmm->pid;
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

void run_watch_events(struct run *run)
{
	run->bridge.observe = observe;
	run->bridge.drained = drained;
	run->supervisor.follow = follow;
	run->supervisor.ended = vmm_ended;
	run->monitor.event = vmm_event;
}
