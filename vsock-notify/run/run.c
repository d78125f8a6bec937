/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "vsock-notify run": the service's main process. It listens before it starts the VMM, so that the
 * guest's first message finds it; it ends after the VMM has, when everything that the guest sent has
 * been delivered: its last message, with its exit status, comes milliseconds before.
 *
 *   command line -> plan -> listen -> spawn -> bridge and watch -> VMM gone -> drain -> exit
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/stale_socket.h"
#include "bridge/bridge.h"
#include "event_monitor.h"
#include "exit_status.h"
#include "launch.h"
#include "run_options.h"
#include "supervisor.h"

/* Exit statuses as a shell has them, where the VMM could not be executed. */
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127

struct run {
	const struct run_options *options;
	struct loop loop;
	struct bridge bridge;
	struct supervisor supervisor;
	struct event_monitor monitor;
	struct launch line;
	struct exit_status status;
	bool ready;   /* the guest has been, in this life */
	int probe_fd; /* to find out at the end whether the VMM's socket is stale */
};

/* Gives the VM up: it is ended, and the service fails. */
static void fail(struct run *run, const char *why)
{
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
		run->ready = false;
		break;
	case VSN_EVENT_GUEST_READY:
		run->ready = true;
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

static void vmm_event(struct event_monitor *monitor, enum ch_event what)
{
	static const enum vsn_event_type types[] = {
		[CH_EVENT_REBOOTED] = VSN_EVENT_VM_REBOOTED,
		[CH_EVENT_PAUSED] = VSN_EVENT_VM_PAUSED,
		[CH_EVENT_RESUMED] = VSN_EVENT_VM_RESUMED,
		[CH_EVENT_RESTORED] = VSN_EVENT_VM_RESTORED,
		[CH_EVENT_PANIC] = VSN_EVENT_GUEST_PANIC,
	};
	struct run *run = container_of(monitor, struct run, monitor);

	bridge_event(&run->bridge, types[what], 0);
	if (what == CH_EVENT_PANIC)
		fail(run, "the guest's kernel panicked");
}

static void vmm_ended(struct supervisor *supervisor, int status)
{
	struct run *run = container_of(supervisor, struct run, supervisor);

	run->status.vmm = status;
	bridge_stop(&run->bridge);
}

/* The guest's last message has been read: now its exit status is known, if it ever is. */
static void drained(struct bridge *bridge)
{
	struct run *run = container_of(bridge, struct run, bridge);

	bridge_event(bridge, VSN_EVENT_VM_STOPPED, exit_status_of(&run->status));
}

static void bridge_stopped(struct bridge *bridge, int result)
{
	(void)result;
	loop_stop(bridge->loop);
}

static void signal_came(void *user, const struct signalfd_siginfo *info)
{
	struct run *run = user;

	supervisor_signal(&run->supervisor, info);
}

static int set_up_signals(struct run *run)
{
	static const int passed_on[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaddset(&set, passed_on[i]);
	sigaddset(&set, SUPERVISOR_POWER_OFF);
	return loop_signals(&run->loop, &set, signal_came, run);
}

/* Returns the exit status of a VMM that could not be started. */
static int spawn_failed(const struct run *run, int error)
{
	const char *program = run->line.plan.arguments.items[0];

	log_error("cannot execute %s: %s%s", program, strerror(-error),
	          error == -ENOENT ? ": is it installed, and in $PATH?" : "");
	return error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int start_vmm(struct run *run, const struct spawn_signals *signals)
{
	const struct spawn what = {
		.arguments = run->line.plan.arguments.items,
		.argv0 = run->options->argv0,
		.signals = signals,
		.pass_fd = run->line.plan.event_monitor ? run->monitor.write_fd : -1,
	};
	int r;

	run->supervisor.api_socket = run->line.plan.api_socket;
	run->supervisor.stop_timeout_usec = run->options->stop_timeout_usec;
	run->supervisor.ended = vmm_ended;
	r = supervisor_start(&run->supervisor, &what);
	if (r < 0)
		return r;
	bridge_event(&run->bridge, VSN_EVENT_VM_STARTED, run->supervisor.pid);
	run->monitor.event = vmm_event;
	return event_monitor_watch(&run->monitor);
}

static bool knows_vmm(const struct run *run)
{
	return vmm_kind_of(run->options->vmm, run->line.plan.arguments.items[0]) != VMM_OTHER;
}

static void remove_stale(const struct run *run)
{
	CLEANUP_FD int probe_fd = stale_socket_probe();

	if (stale_socket_remove(run->line.plan.vsock, probe_fd) > 0)
		log_info("%s was left over, removed", run->line.plan.vsock);
}

/* Everything that can fail before there is a VMM. Returns 0 or -errno after an error line. */
static int prepare(struct run *run)
{
	struct bridge_options serve = run->options->serve;
	struct failure failure = {0};
	int r;

	serve.port = run->line.plan.port;
	r = bridge_init(&run->bridge, &run->loop, &serve, &failure);
	run->bridge.stopped = bridge_stopped;
	run->bridge.observe = observe;
	run->bridge.drained = drained;
	/* It is the bridge's: the VMM, and what it starts, are not to report in the guest's name. */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (r == 0)
		r = bridge_listen(&run->bridge, &serve, run->line.plan.vsock, &failure);
	if (r < 0 && (failure.line[0] || !log_has_error()))
		log_error("%s", failure_line(&failure, r));
	/*
	 * The lock is ours, so no other of us uses the VMM's socket either. Of a VMM that nobody here
	 * knows, its device may be somebody else's, who has bound the socket and not listened yet.
	 */
	if (r == 0 && knows_vmm(run))
		remove_stale(run);
	return r;
}

/* Who may connect: the VMM, and what descends from it. */
static void expect_vmm(struct run *run)
{
	struct peer_rule *rule = &run->bridge.connections.peer_rule;

	rule->vmm = run->supervisor.pid;
	/* Without it, or without what it tells, only the VMM itself may. */
	rule->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The VMM runs and has none of it. */
static int give_up_rights(struct run *run)
{
	struct confinement confinement;

	if (run->supervisor.api_socket)
		power_button_prepare(&run->supervisor.button);
	bridge_confinement(&run->bridge, &confinement);
	confinement.vmm = run->supervisor.pid;
	confinement.vmm_socket = run->line.plan.vsock;
	confinement.folder = run->line.runtime_dir.made;
	confinement.connects[1] = run->probe_fd;
	confinement.connects[2] = run->supervisor.button.fd;
	return confine(&confinement);
}

static int loop_with_vmm(struct run *run)
{
	int r;

	expect_vmm(run);
	run->probe_fd = stale_socket_probe();
	r = run->options->serve.confined ? give_up_rights(run) : 0;
	if (r == 0)
		r = loop_run(&run->loop);
	close_fd(&run->bridge.connections.peer_rule.proc_fd);
	return r == 0 ? exit_status_of(&run->status) : EXIT_FAILURE;
}

static int run_vmm(struct run *run, const struct spawn_signals *signals)
{
	int status = EXIT_FAILURE;
	int r = prepare(run);

	if (r == 0) {
		r = start_vmm(run, signals);
		status = r < 0 ? spawn_failed(run, r) : loop_with_vmm(run);
	}
	supervisor_deinit(&run->supervisor);
	/* Firecracker leaves it, and so does a VMM that was killed: the next one could not start. */
	if (r == 0 && knows_vmm(run))
		stale_socket_remove(run->line.plan.vsock, run->probe_fd);
	close_fd(&run->probe_fd);
	bridge_deinit(&run->bridge, status);
	return status;
}

/* With the command line read, and the loop there. Returns an exit status. */
static int run_in_loop(struct run *run, const char *const *vmm, const struct spawn_signals *signals)
{
	int status;
	int r = event_monitor_init(&run->monitor, &run->loop);

	supervisor_init(&run->supervisor, &run->loop);
	/* Before anything is made: a signal from here on is dealt with when there is a VMM. */
	if (r == 0)
		r = set_up_signals(run);
	if (r == 0)
		r = launch_make(&run->line, run->options, vmm, run->monitor.write_fd);
	else
		log_error("no pipe for the event monitor, or no signals: %s", strerror(-r));
	if (r < 0) {
		status = r == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	} else if (run->options->print) {
		launch_print(&run->line);
		status = EXIT_SUCCESS;
	} else {
		status = run_vmm(run, signals);
	}
	/* Where there is no memory, not everybody has said so. */
	if (r < 0 && !log_has_error())
		log_error("%s", strerror(-r));
	event_monitor_deinit(&run->monitor);
	launch_free(&run->line);
	return status;
}

/* The operands are "-- VMM ARGUMENT...". Returns the VMM's arguments, or NULL after an error line. */
static const char *const *find_vmm(int argc, char **argv, int operands)
{
	if (operands == argc || strcmp(argv[operands - 1], "--") != 0) {
		log_error("%s: write \"--\" between run's options and the VMM's command line",
		          operands == argc ? "the VMM is missing" : argv[operands]);
		return NULL;
	}
	return (const char *const *)argv + operands;
}

static int run_command_run(const struct command *command, int argc, char **argv)
{
	struct spawn_signals signals;
	struct run_options options;
	struct run run = {.options = &options, .status.guest = -1, .probe_fd = -1};
	const char *const *vmm;
	struct failure failure = {0};
	int operands;
	int r;

	spawn_save_signals(&signals);
	run_options_init(&options);
	r = options_parse(command, argc, argv, &options, &operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	vmm = find_vmm(argc, argv, operands);
	if (!vmm)
		return EXIT_USAGE;
	run.status.of_vmm = options.vmm_exit_status;
	r = loop_init(&run.loop);
	if (r < 0) {
		log_error("no event loop: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	r = run_in_loop(&run, vmm, &signals);
	loop_deinit(&run.loop);
	return r;
}

static const struct option_entry *const option_tables[] = {
	run_option_table,
	bridge_option_table,
	NULL,
};

const struct command run_command = {
	.name = "run",
	.synopsis = "[OPTION...] -- VMM [ARGUMENT...]",
	.purpose = "Start a VMM, pass its guest's notifications on to the service manager, stop it "
		   "in order,\nand exit as the guest did: the main process of a VM's service.",
	.options = option_tables,
	.run = run_command_run,
};
