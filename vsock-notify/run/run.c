/* SPDX-License-Identifier: Apache-2.0 */
/* The bridge and the VMM that it starts, as one service (theory: run.h). */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/socket_table.h"
#include "base/stale_socket.h"
#include "cli/command.h"
#include "run_private.h"

static void set_up_supervisor(struct run *run)
{
	struct supervisor *supervisor = &run->supervisor;

	supervisor->api = run->launch.plan.api;
	supervisor->api_socket = run->launch.plan.api_socket;
	supervisor->stop_timeout_usec = run->options->stop_timeout_usec;
	supervisor->linger_usec = run->options->linger_usec;
	/* Without events it is not known whether somebody has paused the VM meanwhile. */
	supervisor->maybe_paused = run->launch.plan.paused || !run->launch.plan.event_monitor;
}

/* What a stop needs can be made before confinement only. It comes before the VMM, because it may fail. */
static int prepare_stop(struct run *run, const struct spawn_signals *signals,
                        struct failure *failure)
{
	int r;

	if (run->supervisor.api_socket) {
		r = api_client_prepare(&run->supervisor.client);
		if (r < 0)
			return failure_set(failure, r, "cannot make a socket for the VMM's API: %s",
			                   strerror(-r));
	}
	if (!run->options->stop_command)
		return 0;
	return stop_command_prepare(&run->supervisor.command, run->options->stop_command, signals,
	                            failure);
}

static int start_vmm(struct run *run, const struct spawn_signals *signals, struct failure *failure)
{
	const struct spawn what = {
		.arguments = run->launch.plan.arguments.items,
		.argv0 = run->options->argv0,
		.signals = signals,
		.pass_fd = run->launch.plan.event_monitor ? run->monitor.write_fd : -1,
		.stdin_fd = -1,
	};
	int r;

	set_up_supervisor(run);
	r = prepare_stop(run, signals, failure);
	if (r < 0)
		return r;
	r = supervisor_start(&run->supervisor, &what, failure);
	if (r < 0) {
		run->failure_status = exit_status_of_spawn(r);
		return r;
	}
	bridge_event(&run->bridge, VSN_EVENT_VM_STARTED, run->supervisor.pid);
	r = event_monitor_watch(&run->monitor);
	if (r < 0)
		return failure_set(failure, r, "cannot read the event monitor: %s", strerror(-r));
	return 0;
}

/* A VMM cannot bind where a file is. A killed VMM leaves its file, and Firecracker always does. */
static void remove_stale_socket(struct stale_socket *socket, const char *path)
{
	if (path && stale_socket_prepare(socket, path) > 0)
		log_info("%s was left over, removed", path);
}

/* Does everything that needs no VMM. */
static int prepare(struct run *run, struct failure *failure)
{
	struct bridge_options options = run->options->serve;
	int r;

	options.port = run->launch.plan.port;
	options.no_stopping = run->launch.plan.stays;
	/* Only root may give a socket away. */
	options.listener.has_owner = run->launch.plan.has_uid && geteuid() == 0;
	options.listener.owner = run->launch.plan.uid;
	r = bridge_init(&run->bridge, &run->loop, &options, failure);
	run_watch_events(run);
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
	if (!run->launch.plan.device_apart)
		remove_stale_socket(&run->vsock, run->launch.plan.vsock);
	remove_stale_socket(&run->api_socket, run->launch.plan.api_socket);
	return 0;
}

/* Lets the VMM connect, and what descends from it. */
static void expect_vmm(struct run *run)
{
	struct peer_rule *rule = &run->bridge.connections.peer_rule;

	rule->vmm = run->supervisor.pid;
	/* All that descends from this process is the VMM's, also what a launcher has left behind. */
	rule->ancestor = getpid();
	/* If /proc cannot be opened or does not show the descent, only the VMM itself may connect. */
	rule->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The VMM will not make its API socket in a folder that is not there, and a rule cannot be made for it. */
static const char *removable_api_socket(const struct run *run)
{
	const char *path = run->launch.plan.api_socket;

	return path && access(confine_folder_of(path).path, F_OK) == 0 ? path : NULL;
}

/* Confines this process. The VMM is running already and is not confined. */
static int give_up_rights(struct run *run, struct failure *failure)
{
	struct confinement confinement;

	bridge_confinement(&run->bridge, &confinement);
	confinement.vmm = run->supervisor.pid;
	confinement.vmm_forks = run_may_leave_vmm(run);
	confinement.vmm_sockets[0] = run->launch.plan.vsock;
	confinement.vmm_sockets[1] = removable_api_socket(run);
	confinement.folder = run->launch.runtime_dir.made;
	confinement.connects[1] = run->supervisor.client.fd;
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
	if (!run->left_behind) {
		stale_socket_clean_up(&run->vsock, run->sockets);
		stale_socket_clean_up(&run->api_socket, run->sockets);
	}
	socket_table_close(&run->sockets);
	close_fd(&run->bridge.connections.peer_rule.proc_fd);
	bridge_deinit(&run->bridge, status);
}

static int run_launch(struct run *run, const struct spawn_signals *signals, int *status,
                      struct failure *failure)
{
	int r;

	run->ending.stays = run->launch.plan.stays;
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
	bool events = !run->options->no_event_monitor && !run->options->print;
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
	/* A line that is printed has to work without this process, which has the monitor's other end. */
	r = launch_make(&run->launch, run->options, vmm, events ? run->monitor.write_fd : -1,
	                failure);
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
	                   .reboot = (int)options->reboot_exit_status,
	                   .guest = -1},
		.ending = {.fail_on_emergency = options->fail_on_emergency,
	                   .exit_on_reboot = options->exit_on_reboot},
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
