/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The launched VMM: watched by its pidfd, handed the signals, asked to stop in the way that suits the
 * guest best.
 *
 * A first SIGTERM, where the VMM has an API socket, asks for the guest's power button, and passes
 * SIGTERM on only where the VMM refuses, or the guest has not gone after stop_timeout. A second
 * SIGTERM is passed on at once, and so is the first where there is no API socket. Other signals are
 * passed on as they come, but for those that the terminal sends: the VMM is in the same process group
 * and has got them already.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "base/loop.h"
#include "power_button.h"
#include "spawn.h"

/* What systemd-machined sends to a machine's leader to power it off, systemd(1): taken for SIGTERM. */
#define SUPERVISOR_POWER_OFF (SIGRTMIN + 4)

#define SUPERVISOR_KILL_USEC UINT64_C(5000000)

struct supervisor {
	struct loop *loop;
	pid_t pid; /* 0: no VMM (any more) */
	int pidfd;
	struct loop_fd source;
	struct loop_timer stop_timer;
	struct loop_timer kill_timer;
	struct power_button button;
	const char *api_socket; /* NULL: none */
	uint64_t stop_timeout_usec;
	bool stopping; /* SIGTERM has come once */
	/* The VMM has gone; status is its exit code, or 128 and the signal's number. */
	void (*ended)(struct supervisor *supervisor, int status);
};

/* Fills in everything but api_socket, stop_timeout_usec and ended. */
void supervisor_init(struct supervisor *supervisor, struct loop *loop);

/* Starts the VMM, see spawn(). Returns 0 or a negative errno. */
int supervisor_start(struct supervisor *supervisor, const struct spawn *what);

/* A signal came to this process. */
void supervisor_signal(struct supervisor *supervisor, const struct signalfd_siginfo *info);

/* Has the VMM end now: SIGTERM, and SIGKILL where it is still there after SUPERVISOR_KILL_USEC. */
void supervisor_give_up(struct supervisor *supervisor);

/* Ends a VMM that is still there, by SIGKILL, and waits for it. */
void supervisor_deinit(struct supervisor *supervisor);

#endif
