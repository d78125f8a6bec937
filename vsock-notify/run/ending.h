/* SPDX-License-Identifier: Apache-2.0 */
/* What an event of the guest's life means for the VMM: whether it is time for the VMM to end, and why. Pure. */
#ifndef ENDING_H
#define ENDING_H

#include <stdbool.h>

#include "include/vsock-notify-plugin.h"

enum ending {
	ENDING_NONE,
	ENDING_LINGER, /* the guest has shut down: the VMM is to end by itself now */
	ENDING_REBOOTS, /* the guest will reboot: the VMM is to end by itself, or to reset the VM (--reboot=exit) */
	ENDING_REBOOTED,  /* it has: the VMM is ended */
	ENDING_PANIC,     /* the VMM is ended, and the service has failed */
	ENDING_EMERGENCY, /* likewise (--on-emergency=fail) */
};

struct ending_rule {
	bool fail_on_emergency; /* --on-emergency=fail */
	bool exit_on_reboot;    /* --reboot=exit */
	bool stays;   /* the VMM was told to stay when its guest powers off (--no-shutdown) */
	bool ready;   /* the guest has been ready in this life */
	bool asked;   /* the guest was asked to shut down, or to reboot */
	bool reboots; /* ENDING_REBOOTS was the answer once */
};

/*
 * The event is an edge of the guest's life or comes from the VMM.
 *
 * A guest that reboots, also by kexec, has not shut down, unless it was asked to: Firecracker's guests know only the reboot. In
 * systemd before 262 PID 1's last word comes before file systems are unmounted (src/shutdown/shutdown.c of 254 and 262), so
 * a guest that reboots has time for that: until the VMM tells that its VM was reset, or the next boot.
 */
enum ending ending_of(const struct ending_rule *rule, const struct vsn_event *event);

#endif
