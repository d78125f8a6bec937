/* SPDX-License-Identifier: Apache-2.0 */
/* A launcher that exits and leaves the VMM behind: which process is the VMM then (see children.h). */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/socket_table.h"
#include "children.h"
#include "run_private.h"

/* A VMM makes its vsock socket when it starts. */
#define PROOF_USEC (5 * USEC_PER_SEC)

bool run_may_leave_vmm(const struct run *run)
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
	bool first_launcher = run_may_leave_vmm(run) && !run->followed;
	bool own_device = !run->launch.plan.device_apart;
	struct children_wanted wanted = {
		.program = run->launch.plan.program,
		.except = run->supervisor.command.pid,
	};

	if (run->supervisor.stage != SUPERVISOR_RUNNING && !first_launcher)
		return wanted;
	wanted.any = first_launcher || (silent && (run_may_leave_vmm(run) || own_device));
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
	if (count < 0 && run_may_leave_vmm(run))
		log_warning("cannot look for the VMM that %s left behind: %s", launcher,
		            strerror(-count));
	else if (count > 0 && !run->heard && run->supervisor.stage == SUPERVISOR_RUNNING)
		log_warning("%s has ended and left %d process%s behind: if one of them is the VMM, "
		            "write --follow",
		            launcher, count, count == 1 ? "" : "es");
}

/* The process that was started has ended, with status of waitpid(2): which of its children is the VMM now? */
pid_t run_follow(struct supervisor *supervisor, int status)
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
	if (!run_may_leave_vmm(run) && vmm->pid != wanted.connected) {
		run->proof_timer.callback = proof_time;
		loop_timer_set(&run->loop, &run->proof_timer, now_usec() + PROOF_USEC);
	}
	bridge_event(&run->bridge, VSN_EVENT_VM_STARTED, vmm->pid);
	return vmm->pid;
}
