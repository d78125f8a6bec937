/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exit status of "vsock-notify run". Pure functions. The first line that applies decides:
 *
 *   "run" has ended the VM because its guest failed      1
 *   the VMM was ended by a signal that "run" did not     128 + the signal's number. The guest may have said 0 before the VMM
 *     send, and the guest has not failed                   crashed
 *   a reboot is to run the unit's start again            --exit-status-reboot=
 *   --exit-status=vmm                                    the VMM's
 *   the guest has sent its exit status                   the guest's
 *   the guest has shut down, and "run" ended the VMM     0
 *   the VMM has failed: not 0, or ended by a signal      the VMM's
 *   the guest has announced its shutdown, and nothing    --exit-status-unknown=. The guest's last message, which has its exit
 *     came after that                                      status, was lost: a guest with systemd from 256 always sends it
 *   else                                                 the VMM's, 0
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

#include <stdbool.h>

struct exit_status {
	bool of_vmm;     /* --exit-status=vmm */
	int unknown;     /* --exit-status-unknown= */
	int reboot;      /* --exit-status-reboot= */
	bool failed;     /* "run" itself ended the VM, because of a panic or of emergency mode */
	bool rebooting;  /* the service ends so that its unit's start runs again */
	bool unfinished; /* the guest has announced its shutdown, but not yet how it ends */
	bool finished;   /* the guest has said its last word */
	int guest; /* what the guest sent when it shut down; -1: it has not sent any in this life */
	int vmm;   /* exit code, or 128 + signal */
	bool foreign; /* the VMM was ended by a signal that "run" did not send */
	bool ended;   /* "run" has sent the VMM a signal to end it */
};

/* After the VMM has ended. */
int exit_status_of(const struct exit_status *status);

/* Whether that is --exit-status-unknown=. */
bool exit_status_is_unknown(const struct exit_status *status);

/* If the VMM could not be executed because of error, a negative errno: the exit status that a shell would have. */
int exit_status_of_spawn(int error);

#endif
