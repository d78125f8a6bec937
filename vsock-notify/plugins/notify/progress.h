/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service manager is told of the guest beyond the guest's own words (track=on): how the boot gets on, that the guest
 * powers off, that it reboots. "vsock-notify run" switches it on, because there the unit is the VM; "serve" does not. Pure.
 *
 *   before readiness     STATUS=booting: reached sysinit.target; where asked for, each sign of life
 *                        extends the start timeout
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
 * Adds READY=1, STOPPING=1 or, with the host's own clock, RELOADING=1, unless the user wants none of it or
 * there have been too many.
 */
void progress_state(struct outgoing *outgoing, enum policy_field state);

/* Adds EXTEND_TIMEOUT_USEC= of what is granted. Returns whether anything was. */
bool progress_extend(struct outgoing *outgoing, uint64_t want_usec);

/* Adds to the datagram of a message, or of a deadline, what the service manager is to be told beyond it. */
void progress_tell(struct progress *progress, const struct life_step *step,
                   struct outgoing *outgoing);

/* The VMM has rebooted the guest: the same, for a guest that said nothing of it. */
void progress_rebooted(struct progress *progress, struct outgoing *outgoing);

#endif
