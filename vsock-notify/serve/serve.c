/* SPDX-License-Identifier: Apache-2.0 */
/* The command "vsock-notify serve": its command line, its signals, and the bridge in a loop. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/inherited_fds.h"
#include "base/log.h"
#include "bridge/bridge.h"
#include "bridge/bridge_options.h"
#include "commands.h"

static void signal_came(void *user, const struct signalfd_siginfo *info)
{
	log_info("%s: stopping", strsignal((int)info->ssi_signo));
	bridge_stop(user);
}

/* nohup(1), for example, has whoever starts us ignore SIGHUP. */
static bool is_ignored(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/*
 * Each signal that a user or a terminal ends programs with stops the bridge in order. There is nothing to reload, so SIGHUP is
 * only the terminal's hang-up. SIGPIPE is ignored: the reader of the log may go away.
 */
static int set_up_signals(struct loop *loop, struct bridge *bridge)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (!is_ignored(SIGHUP))
		sigaddset(&set, SIGHUP);
	if (!is_ignored(SIGQUIT))
		sigaddset(&set, SIGQUIT);
	return loop_signals(loop, &set, signal_came, bridge);
}

static int run_bridge(struct bridge *bridge, struct loop *loop,
                      const struct bridge_options *options, const char *vsock,
                      struct failure *failure)
{
	struct confinement confinement;
	int r = bridge_init(bridge, loop, options, failure);

	if (r < 0)
		return r;
	r = set_up_signals(loop, bridge);
	if (r < 0)
		return failure_set(failure, r, "cannot catch signals: %s", strerror(-r));
	r = bridge_listen(bridge, options, vsock, failure);
	if (r < 0)
		return r;
	if (options->no_confine)
		return loop_run(loop);
	bridge_confinement(bridge, &confinement);
	r = confine(&confinement, failure);
	return r < 0 ? r : loop_run(loop);
}

static int serve(const struct bridge_options *options, const char *vsock, struct failure *failure)
{
	struct bridge bridge;
	struct loop loop;
	int r = loop_init(&loop);

	if (r < 0)
		return failure_set(failure, r, "cannot make an event loop: %s", strerror(-r));
	r = run_bridge(&bridge, &loop, options, vsock, failure);
	/* In each case: this removes the socket file. */
	bridge_deinit(&bridge, -1);
	loop_deinit(&loop);
	return r;
}

static int run(const struct command *command, int argc, char **argv)
{
	static struct failure failure; /* static: no page of it is touched unless it is set */
	struct bridge_options options;
	int operands, r;

	inherited_fds_note();
	bridge_options_init(&options);
	options.activates = true;
	r = options_parse(command, argc, argv, &options, &operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	log_set_level(options.log_level);
	if (argc - operands > 1) {
		log_error("%s: \"vsock-notify serve\" takes one VSOCK: start another process for "
		          "another VM",
		          argv[operands + 1]);
		return EXIT_USAGE;
	}
	if (options.dump_plugin)
		return plugin_dump(options.dump_plugin);
	if (operands == argc ? !getenv("LISTEN_FDS") : !*argv[operands]) {
		log_error("VSOCK is missing: the path of the VMM's vsock socket, as in "
		          "\"vsock-notify serve /run/vm/vsock\"");
		return EXIT_USAGE;
	}
	r = serve(&options, argv[operands], &failure);
	if (r < 0)
		log_error("%s", failure_line(&failure, r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static const struct option_entry *const option_tables[] = {
	bridge_option_table,
	serve_option_table,
	NULL,
};

const struct command serve_command = {
	.name = "serve",
	.synopsis = "[OPTION...] VSOCK",
	.purpose =
		"Listen at VSOCK_PORT, where the VMM with the vsock socket VSOCK connects for its "
		"guest,\nand pass the guest's notifications on to the service manager.",
	.options = option_tables,
	.run = run,
};
