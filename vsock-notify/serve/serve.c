/* SPDX-License-Identifier: Apache-2.0 */
/* "vsock-notify serve": command line, signals, and the bridge in a loop. */
#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/inherited_fds.h"
#include "base/log.h"
#include "bridge/bridge.h"
#include "bridge/bridge_options.h"
#include "plugins_command.h"

static void bridge_stopped(struct bridge *bridge, int result)
{
	(void)result;
	loop_stop(bridge->loop);
}

static void signal_came(void *user, const struct signalfd_siginfo *info)
{
	log_info("%s: stopping", strsignal((int)info->ssi_signo));
	bridge_stop(user);
}

/* SIGTERM and SIGINT end the bridge in order; a reader of our log that has gone must not. */
static int set_up_signals(struct loop *loop, struct bridge *bridge)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	return loop_signals(loop, &set, signal_came, bridge);
}

static int give_up_rights(const struct bridge *bridge)
{
	struct confinement confinement;

	bridge_confinement(bridge, &confinement);
	return confine(&confinement);
}

/* From here the socket file is in place, and removed again however it ends. */
static int serve(struct loop *loop, const struct bridge_options *options, const char *vsock,
                 struct failure *failure)
{
	struct bridge bridge;
	int r = bridge_init(&bridge, loop, options, failure);

	bridge.stopped = bridge_stopped;
	if (r == 0)
		r = set_up_signals(loop, &bridge);
	if (r == 0)
		r = bridge_listen(&bridge, options, vsock, failure);
	if (r == 0 && options->confined)
		r = give_up_rights(&bridge);
	if (r == 0)
		r = loop_run(loop);
	bridge_deinit(&bridge, -1);
	return r;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct bridge_options options;
	struct failure failure = {0};
	struct loop loop;
	int operands;
	int r;

	inherited_fds_note();
	bridge_options_init(&options);
	r = options_parse(command, argc, argv, &options, &operands, &failure);
	if (r != 0)
		return options_exit_status(r, &failure);
	if (argc - operands > 1) {
		log_error("%s: one VSOCK at a time; a VM more is a process more",
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
	r = loop_init(&loop);
	if (r < 0) {
		log_error("no event loop: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	r = serve(&loop, &options, argv[operands], &failure);
	/* Where there is no memory, not everybody has said so. */
	if (r < 0 && (failure.line[0] || !log_has_error()))
		log_error("%s", failure_line(&failure, r));
	loop_deinit(&loop);
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
	.purpose = "Stand at VSOCK_PORT, where the VMM of the vsock socket VSOCK connects for the "
		   "guest,\nand pass the guest's notifications on to the service manager.",
	.options = option_tables,
	.run = run,
};
