/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's life, followed by what its systemd says, to know when READY=1 means ready. Pure: a state
 * machine over messages and a clock that is handed in.
 *
 * READY=1 alone is not readiness: a guest in emergency mode says it too, just before or just after
 * X_SYSTEMD_UNIT_ACTIVE=emergency.target, and never announced basic.target. So
 *
 *   a guest that announces its units (systemd from 256) is ready after READY=1 and basic.target
 *   READY=1 without basic.target is held for the next unit that is announced, LIFE_HOLD_USEC at most:
 *     emergency.target or rescue.target: not ready; any other, or none: ready
 *   an older guest, which announces nothing, is ready at READY=1
 *   where a unit was asked for, its announcement is readiness and READY=1 is not
 *
 * Soft-reboot and switch-root announce everything again, with INACTIVE in between where a target goes
 * down; RELOADING=1 changes nothing. Only X_SYSTEMD_SHUTDOWN= ends a life: after a reboot in place the
 * next one starts over.
 */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

#define LIFE_HOLD_USEC UINT64_C(1000000)

struct life {
	const char *ready_unit;   /* NULL: the rules above */
	bool announces;           /* has sent an X_SYSTEMD_ field */
	bool basic;               /* basic.target is active */
	bool emergency;           /* emergency.target or rescue.target is active */
	bool ready_said;          /* READY=1 has come and has not been passed on */
	uint64_t held_until_usec; /* READY=1 is held; 0: it is not */
};

/* What the service manager is to be told of it. */
enum life_news {
	LIFE_NOTHING,
	LIFE_READY,    /* READY=1 */
	LIFE_EMERGENCY /* the guest is in emergency or rescue mode: not ready */
};

/* READY=1 came. */
enum life_news life_ready(struct life *life, uint64_t now_usec);

/* An X_SYSTEMD_* field came. */
enum life_news life_systemd(struct life *life, const struct field *field);

/* The guest's life is over, and the next one starts from nothing. */
void life_over(struct life *life);

/* The clock has come to now_usec. */
enum life_news life_time(struct life *life, uint64_t now_usec);

#endif
