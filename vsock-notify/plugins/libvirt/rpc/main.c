/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program vsock-notify-libvirt, which the libvirt plugin starts to call libvirt. Only this program is linked with libvirt.
 *
 *	vsock-notify-libvirt [--uri=URI] [--domain=NAME|UUID] [--trace]
 *
 * It needs the descriptors of enum rpc_fd. It forks, and the parent exits, with 0 if all is well so far. It ignores the signals
 * that a service manager or a terminal sends to the whole service: it ends when vsock-notify has ended.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/macros.h"
#include "keeper.h"
#include "say.h"

static bool parse(struct publisher *publisher, int argc, char **argv)
{
	static const struct option table[] = {
		{"uri", required_argument, NULL, 'u'},
		{"domain", required_argument, NULL, 'd'},
		{"trace", no_argument, NULL, 't'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'u')
			publisher->uri = optarg;
		else if (option == 'd')
			publisher->domain = optarg;
		else if (option == 't')
			publisher->trace = true;
		else
			return false;
	}
	return optind == argc;
}

/* Closes inherited descriptors, such as network devices that vsock-notify was given for the VMM. */
static void close_inherited(void)
{
	struct rlimit limit;

	if (syscall(SYS_close_range, RPC_FD_END, ~0U, 0) == 0)
		return;
	/* Before Linux 5.9. */
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		limit.rlim_cur = 1024;
	for (int fd = RPC_FD_END; (rlim_t)fd < limit.rlim_cur; fd++)
		close(fd);
}

static void be_left_alone(void)
{
	static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2};

	sigset_t none;

	/* vsock-notify has its own mask and dispositions. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	setsid();
	/* Lines go to standard error. A reader of vsock-notify's standard output must not wait for this process. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
}

int main(int argc, char **argv)
{
	struct publisher publisher = {0};
	const struct slot *slot;
	pid_t pid;

	if (!parse(&publisher, argc, argv)) {
		fputs("vsock-notify-libvirt: it is started by vsock-notify's libvirt plugin\n",
		      stderr);
		return 2;
	}
	slot = slot_map(RPC_FD_SLOT);
	/* Memory that one worker leaves to the next. */
	publisher.uuid = mmap(NULL, VIR_UUID_STRING_BUFLEN, PROT_READ | PROT_WRITE,
	                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!slot || publisher.uuid == MAP_FAILED) {
		say("no memory shared with the plugin: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	close_inherited();
	be_left_alone();
	pid = fork();
	if (pid == 0)
		return keeper_run(&publisher, slot);
	if (pid < 0)
		say("cannot fork: %s", strerror(errno));
	/* exit(3) would run its handlers in both processes. */
	_exit(pid < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}
