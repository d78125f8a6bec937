/* SPDX-License-Identifier: Apache-2.0 */
/* What an event of the guest's life means for the VMM: whether it is time for the VMM to end, and why. Pure. */
#ifndef ENDING_H
#define ENDING_H

#include <stdbool.h>

#include "include/vsock-notify-plugin.h"

enum ending {
	ENDING_NONE,
	ENDING_LINGER, /* the guest has shut down: the VMM is to end by itself now */
	ENDING_REBOOT, /* the VMM is ended, so that the unit's start runs again (--reboot=exit) */
	ENDING_PANIC,  /* the VMM is ended, and the service has failed */
	ENDING_EMERGENCY, /* likewise (--on-emergency=fail) */
};

struct ending_rule {
	bool fail_on_emergency; /* --on-emergency=fail */
	bool exit_on_reboot;    /* --reboot=exit */
	bool stays; /* the VMM was told to stay when its guest powers off (--no-shutdown) */
	bool ready; /* the guest has been ready in this life */
	bool asked; /* the guest was asked to shut down, and not to reboot */
};

/*
 * The event is an edge of the guest's life or comes from the VMM. A guest that reboots, also by kexec, has not shut down,
 * unless it was asked to: Firecracker's guests know only the reboot. The ways are those of systemd's
 * src/shutdown/shutdown.c, arg_verb (254 to 262).
 */
enum ending ending_of(const struct ending_rule *rule, const struct vsn_event *event);

#endif
