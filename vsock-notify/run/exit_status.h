/* SPDX-License-Identifier: Apache-2.0 */
/* What "vsock-notify run" exits with. Pure. */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

#include <stdbool.h>

struct exit_status {
	bool of_vmm; /* --exit-status=vmm */
	bool failed; /* the wrapper itself gave the VM up: panic, emergency */
	int guest;   /* said with the guest's shutdown; -1: not said in this life */
	int vmm;     /* exit code, or 128 + signal */
};

int exit_status_of(const struct exit_status *status);

#endif
