/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM that "vsock-notify run" started. The supervisor watches it by its pidfd, passes signals on to it, and stops it in
 * the way that is best for the guest.
 *
 * If the VMM has an API socket, the first SIGTERM presses the guest's power button. The VMM gets SIGTERM only if it refuses,
 * or if the guest has not powered off after stop_timeout. Without an API socket the first SIGTERM is passed on at once; a
 * second SIGTERM always is. Other signals are passed on as they come, except those from the terminal: the VMM is in the same
 * process group and has received them already.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "base/loop.h"
#include "power_button.h"
#include "spawn.h"

/* systemd-machined sends this signal to a machine's leader to power it off, systemd(1). It is handled like SIGTERM. */
#define SUPERVISOR_POWER_OFF (SIGRTMIN + 4)

#define SUPERVISOR_KILL_USEC UINT64_C(5000000)

struct supervisor {
	struct loop *loop;
	pid_t pid; /* 0: the VMM has not been started, or has ended */
	int pidfd;
	struct loop_fd source;
	struct loop_timer stop_timer;
	struct loop_timer kill_timer;
	struct power_button button;
	const char *api_socket; /* NULL: none */
	uint64_t stop_timeout_usec;
	bool stopping; /* SIGTERM has come once */
	bool given_up; /* SIGTERM was sent, and the kill timer was set, by supervisor_give_up() */
	/* Called when the VMM has ended; status is its exit code, or 128 + the signal's number. */
	void (*ended)(struct supervisor *supervisor, int status);
};

/* Sets everything but api_socket, stop_timeout_usec and ended, which the caller sets. */
void supervisor_init(struct supervisor *supervisor, struct loop *loop);

/*
 * Has the loop call supervisor_signal() for the signals that this process handles, and ignores SIGPIPE. Returns 0 or a
 * negative errno.
 */
int supervisor_catch_signals(struct supervisor *supervisor);

/* Starts the VMM, see spawn(). Returns 0, or a negative errno with the failure set. */
int supervisor_start(struct supervisor *supervisor, const struct spawn *what,
                     struct failure *failure);

/* Handles a signal that came to this process. user: the supervisor. */
void supervisor_signal(void *user, const struct signalfd_siginfo *info);

/*
 * Ends the VMM: SIGTERM, and SIGKILL if it is still there after SUPERVISOR_KILL_USEC. A second call changes nothing: the VMM
 * has no more time because the guest repeats itself.
 */
void supervisor_give_up(struct supervisor *supervisor);

/* Ends a VMM that is still running, by SIGKILL, and waits for it. */
void supervisor_deinit(struct supervisor *supervisor);

#endif
