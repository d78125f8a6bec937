/* SPDX-License-Identifier: Apache-2.0 */
/* The exit status of "vsock-notify run". Pure functions. */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

#include <stdbool.h>

struct exit_status {
	bool of_vmm; /* --exit-status=vmm */
	bool failed; /* "run" itself ended the VM, because of a panic or of emergency mode */
	int guest; /* what the guest sent when it shut down; -1: it has not sent any in this life */
	int vmm;   /* exit code, or 128 + signal */
};

/* After the VMM has ended. */
int exit_status_of(const struct exit_status *status);

/* If the VMM could not be executed because of error, a negative errno: the exit status that a shell would have. */
int exit_status_of_spawn(int error);

#endif
