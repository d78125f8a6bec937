/* SPDX-License-Identifier: Apache-2.0 */
/* What run.c (set-up and clean-up), run_events.c (what happens meanwhile) and run_follow.c (launchers) have in common. */
#ifndef RUN_PRIVATE_H
#define RUN_PRIVATE_H

#include <stdio.h>

#include "base/stale_socket.h"
#include "bridge/bridge.h"
#include "ending.h"
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
	struct ending_rule ending;
	bool heard;    /* the guest or the VMM has told something */
	bool followed; /* a launcher has left the VMM behind, which is watched now */
	struct loop_timer
		proof_timer; /* until then a process that a launcher left must show that it is the VMM */
	bool ready;          /* the guest has been ready in this life */
	bool announces; /* the guest has announced a unit in this life, so it would announce its shutdown */
	bool interrupted; /* the VMM has ended before its guest could be shut down */
	bool left_behind; /* the VMM has not ended, so its sockets are left, too */
	struct stale_socket vsock, api_socket; /* the VMM's */
	FILE *sockets;      /* the kernel's table, for the end; NULL: there is none */
	int failure_status; /* exit status if the VMM cannot be started */
};

/* Whether a launcher is known to leave the VMM behind. Then it may be signalled, too. */
bool run_may_leave_vmm(const struct run *run);

/* The supervisor's follow: the process that was started has ended, with status of waitpid(2). */
pid_t run_follow(struct supervisor *supervisor, int status);

/* Has the bridge, the supervisor and the event monitor tell what happens. */
void run_watch_events(struct run *run);

#endif
