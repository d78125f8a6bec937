/* SPDX-License-Identifier: Apache-2.0 */
/* What the events of a guest and its VMM mean for the service. */
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
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

static void vmm_ended(struct supervisor *supervisor, const struct vmm_end *end)
{
	struct run *run = container_of(supervisor, struct run, supervisor);

	run->status.vmm = end->status;
	run->status.foreign = end->foreign;
	run->status.ended = supervisor->stage >= SUPERVISOR_TERMINATED;
	run->status.rebooting |= supervisor->reboot;
	run->left_behind = end->left_behind;
	loop_timer_cancel(&run->proof_timer);
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

static bool is_ours(struct supervisor *supervisor, pid_t pid)
{
	return bridge_trusts(&container_of(supervisor, struct run, supervisor)->bridge, pid);
}

void run_watch_events(struct run *run)
{
	run->supervisor.is_ours = is_ours;
	run->bridge.observe = observe;
	run->bridge.drained = drained;
	run->supervisor.follow = run_follow;
	run->supervisor.ended = vmm_ended;
	run->monitor.event = vmm_event;
}
