/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exit status of "vsock-notify run". Pure functions. The first line that applies decides:
 *
 *   "run" has ended the VM itself                        1
 *   --exit-status=vmm                                    the VMM's
 *   the guest has sent its exit status                   the guest's
 *   the VMM has failed: not 0, or ended by a signal      the VMM's
 *   the guest has announced its shutdown, and nothing    --exit-status-unknown=. The guest's last message, which has its exit
 *     came after that                                    status, was lost: a guest with systemd from 256 always sends it
 *   else                                                 the VMM's, 0
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

#include <stdbool.h>

struct exit_status {
	bool of_vmm;     /* --exit-status=vmm */
	int unknown;     /* --exit-status-unknown= */
	bool failed;     /* "run" itself ended the VM, because of a panic or of emergency mode */
	bool unfinished; /* the guest has announced its shutdown, but not yet how it ends */
	int guest; /* what the guest sent when it shut down; -1: it has not sent any in this life */
	int vmm;   /* exit code, or 128 + signal */
};

/* After the VMM has ended. */
int exit_status_of(const struct exit_status *status);

/* Whether that is --exit-status-unknown=. */
bool exit_status_is_unknown(const struct exit_status *status);

/* If the VMM could not be executed because of error, a negative errno: the exit status that a shell would have. */
int exit_status_of_spawn(int error);

#endif
