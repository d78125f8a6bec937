/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells the service manager more of the guest than its own words (track=on): how the boot gets on, that the guest powers off,
 * that it reboots. "vsock-notify run" switches it on, because there the unit is the VM; "serve" does not. Pure.
 *
 *   before readiness     STATUS=booting: reached sysinit.target; with extend-start=, each message extends the
 *                        start timeout
 *   power-off, halt      STOPPING=1, and the guest's EXIT_STATUS is the unit's
 *   reboot, soft-reboot  a STATUS. No STOPPING=1, after which systemd would kill the unit, and no EXIT_STATUS, because
 *                        the VM goes on. With reboot=reloading, RELOADING=1 until READY=1
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "life.h"
#include "outgoing.h"

/* systemd.unit(5): the longest unit name. */
#define UNIT_NAME_MAX 255

struct progress {
	bool told;             /* track=on */
	bool reboot_is_reload; /* reboot=reloading */
	uint64_t extend_usec;  /* extend-start=SEC; 0: not at all */
	bool ready;            /* the guest has been ready in this life */
};

/*
 * Adds READY=1, STOPPING=1 or RELOADING=1 (with the host's own clock), unless the user has denied it or the limits forbid it.
 */
void progress_state(struct outgoing *outgoing, enum policy_field state);

/* Adds EXTEND_TIMEOUT_USEC= with as much of want_usec as the limits grant. Returns false if they grant nothing. */
bool progress_extend(struct outgoing *outgoing, uint64_t want_usec);

/* Adds these lines to the datagram of a message or of a deadline. */
void progress_tell(struct progress *progress, const struct life_step *step,
                   struct outgoing *outgoing);

/* The VMM has rebooted a guest that did not announce it: adds what an announced reboot leads to. */
void progress_rebooted(struct progress *progress, struct outgoing *outgoing);

#endif
