/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge and the VMM that it starts, as one service (theory: run.h). */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/socket_table.h"
#include "base/stale_socket.h"
#include "bridge/bridge.h"
#include "cli/command.h"
#include "event_monitor.h"
#include "exit_status.h"
#include "launch.h"
#include "supervisor.h"

struct run {
	const struct run_options *options;
	struct loop loop;
	struct bridge bridge;
	struct supervisor supervisor;
	struct event_monitor monitor;
	struct launch launch;
	struct exit_status status;
	bool ready;         /* the guest has been ready in this life */
	FILE *sockets;      /* the kernel's table, for the end; NULL: there is none */
	int failure_status; /* exit status if the VMM cannot be started */
};

/* Ends the VMM, and has this process exit with a failure. */
static void fail(struct run *run, const char *why)
{
	if (run->status.failed)
		return;
	log_error("%s: ending the VMM", why);
	run->status.failed = true;
	supervisor_give_up(&run->supervisor);
}

/* observe of the bridge: what the guest's state means for the service. */
static void observe(struct bridge *bridge, const struct vsn_event *event)
{
	struct run *run = container_of(bridge, struct run, bridge);

	switch (event->type) {
	case VSN_EVENT_GUEST_BOOTING:
		run->status.guest = -1;
		run->status.unfinished = false;
		run->ready = false;
		break;
	case VSN_EVENT_GUEST_READY:
		run->ready = true;
		break;
	case VSN_EVENT_GUEST_STOPPING:
		/* The way is in the guest's last message. */
		run->status.unfinished = event->length == 0;
		break;
	case VSN_EVENT_GUEST_EXIT:
		run->status.guest = (int)event->number;
		break;
	case VSN_EVENT_GUEST_EMERGENCY:
		if (run->options->fail_on_emergency && !run->ready)
			fail(run, "the guest is in emergency mode (--on-emergency=fail)");
		break;
	default:
		break;
	}
}

static void vmm_event(struct event_monitor *monitor, enum vsn_event_type what)
{
	struct run *run = container_of(monitor, struct run, monitor);

	bridge_event(&run->bridge, what, 0);
	if (what == VSN_EVENT_GUEST_PANIC)
		fail(run, "the guest's kernel panicked");
}

static void vmm_ended(struct supervisor *supervisor, int status)
{
	struct run *run = container_of(supervisor, struct run, supervisor);

	run->status.vmm = status;
	bridge_stop(&run->bridge);
}

/* The guest's last message has been read, so its exit status is known now if it sent one. */
static void drained(struct bridge *bridge)
{
	struct run *run = container_of(bridge, struct run, bridge);

	if (exit_status_is_unknown(&run->status))
		log_warning("the guest shut down, but its last message was lost, and its exit "
		            "status with it: exiting with %d (--exit-status-unknown)",
		            run->status.unknown);
	bridge_event(bridge, VSN_EVENT_VM_STOPPED, exit_status_of(&run->status));
}

static int start_vmm(struct run *run, const struct spawn_signals *signals, struct failure *failure)
{
	const struct spawn what = {
		.arguments = run->launch.plan.arguments.items,
		.argv0 = run->options->argv0,
		.signals = signals,
		.pass_fd = run->launch.plan.event_monitor ? run->monitor.write_fd : -1,
	};
	int r;

	run->supervisor.api_socket = run->launch.plan.api_socket;
	run->supervisor.stop_timeout_usec = run->options->stop_timeout_usec;
	run->supervisor.ended = vmm_ended;
	r = supervisor_start(&run->supervisor, &what, failure);
	if (r < 0) {
		run->failure_status = exit_status_of_spawn(r);
		return r;
	}
	bridge_event(&run->bridge, VSN_EVENT_VM_STARTED, run->supervisor.pid);
	run->monitor.event = vmm_event;
	r = event_monitor_watch(&run->monitor);
	if (r < 0)
		return failure_set(failure, r, "cannot read the event monitor: %s", strerror(-r));
	return 0;
}

static void remove_stale_socket(const struct run *run)
{
	if (stale_socket_remove(run->launch.plan.vsock) > 0)
		log_info("%s was left over, removed", run->launch.plan.vsock);
}

/* Does everything that needs no VMM. */
static int prepare(struct run *run, struct failure *failure)
{
	struct bridge_options options = run->options->serve;
	int r;

	options.port = run->launch.plan.port;
	r = bridge_init(&run->bridge, &run->loop, &options, failure);
	run->bridge.observe = observe;
	run->bridge.drained = drained;
	/* These variables are for the bridge. The VMM, and what it starts, must not report in the guest's name. */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (r < 0)
		return r;
	r = bridge_listen(&run->bridge, &options, run->launch.plan.vsock, failure);
	if (r < 0)
		return r;
	/*
	 * This process holds the lock of the socket, so no other vsock-notify uses the VMM's socket either. But the device of
	 * an unknown VMM may be a process that somebody else started: it may have bound the socket without listening yet.
	 */
	if (run->launch.kind != VMM_OTHER)
		remove_stale_socket(run);
	return 0;
}

/* Lets the VMM connect, and what descends from it. */
static void expect_vmm(struct run *run)
{
	struct peer_rule *rule = &run->bridge.connections.peer_rule;

	rule->vmm = run->supervisor.pid;
	/* If /proc cannot be opened or does not show the descent, only the VMM itself may connect. */
	rule->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Confines this process. The VMM is running already and is not confined. */
static int give_up_rights(struct run *run, struct failure *failure)
{
	struct confinement confinement;

	if (run->supervisor.api_socket)
		power_button_prepare(&run->supervisor.button);
	bridge_confinement(&run->bridge, &confinement);
	confinement.vmm = run->supervisor.pid;
	confinement.vmm_socket = run->launch.plan.vsock;
	confinement.folder = run->launch.runtime_dir.made;
	confinement.connects[1] = run->supervisor.button.fd;
	return confine(&confinement, failure);
}

static int run_vmm(struct run *run, const struct spawn_signals *signals, struct failure *failure)
{
	int r = prepare(run, failure);

	if (r < 0)
		return r;
	r = start_vmm(run, signals, failure);
	if (r < 0)
		return r;
	expect_vmm(run);
	run->sockets = socket_table_open();
	if (!run->options->serve.no_confine)
		r = give_up_rights(run, failure);
	return r < 0 ? r : loop_run(&run->loop);
}

/* Ends the VMM if it is still running, and closes and removes what prepare() and run_vmm() made. */
static void clean_up(struct run *run, int status)
{
	supervisor_deinit(&run->supervisor);
	/* Firecracker leaves its socket, and so does a VMM that was killed. The next VMM could not start then. */
	if (run->launch.kind != VMM_OTHER)
		stale_socket_remove_ended(run->launch.plan.vsock, run->sockets);
	socket_table_close(&run->sockets);
	close_fd(&run->bridge.connections.peer_rule.proc_fd);
	bridge_deinit(&run->bridge, status);
}

static int run_launch(struct run *run, const struct spawn_signals *signals, int *status,
                      struct failure *failure)
{
	int r;

	if (run->options->print) {
		launch_print(&run->launch);
		*status = EXIT_SUCCESS;
		return 0;
	}
	r = run_vmm(run, signals, failure);
	*status = r < 0 ? run->failure_status : exit_status_of(&run->status);
	clean_up(run, *status);
	return r;
}

static int run_in_loop(struct run *run, const char *const *vmm, const struct spawn_signals *signals,
                       int *status, struct failure *failure)
{
	int r;

	supervisor_init(&run->supervisor, &run->loop);
	r = event_monitor_init(&run->monitor, &run->loop);
	if (r < 0)
		return failure_set(failure, r, "cannot make a pipe for the event monitor: %s",
		                   strerror(-r));
	/* Before anything is made: a signal that comes from here on is handled as soon as there is a VMM. */
	r = supervisor_catch_signals(&run->supervisor);
	if (r < 0)
		return failure_set(failure, r, "cannot catch signals: %s", strerror(-r));
	r = launch_make(&run->launch, run->options, vmm, run->monitor.write_fd, failure);
	if (r == 0)
		r = run_launch(run, signals, status, failure);
	else if (r == -EINVAL)
		*status = EXIT_USAGE;
	launch_free(&run->launch);
	return r;
}

int run_service(const struct run_options *options, const char *const *vmm,
                const struct spawn_signals *signals, int *status, struct failure *failure)
{
	struct run run = {
		.options = options,
		.monitor = {.read_fd = -1, .write_fd = -1},
		.status = {.of_vmm = options->vmm_exit_status,
	                   .unknown = (int)options->unknown_exit_status,
	                   .guest = -1},
		.failure_status = EXIT_FAILURE,
	};
	int r = loop_init(&run.loop);

	*status = EXIT_FAILURE;
	if (r < 0)
		return failure_set(failure, r, "cannot make an event loop: %s", strerror(-r));
	r = run_in_loop(&run, vmm, signals, status, failure);
	event_monitor_deinit(&run.monitor);
	loop_deinit(&run.loop);
	return r;
}
