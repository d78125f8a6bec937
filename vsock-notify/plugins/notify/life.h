/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One guest's life, followed by what its PID 1 says, by what the VMM tells, and by a clock that is handed in. Pure.
 *
 * This is the only place that decides what the guest is doing. It moves between phases (figure: docs/architecture.md, "One
 * life") and emits edges, which are the ABI's events. Each edge comes once: READY is not repeated while the guest is ready.
 *
 * READY=1 alone is not readiness. A guest in emergency mode says it too, just before or just after
 * X_SYSTEMD_UNIT_ACTIVE=emergency.target, and has not announced basic.target. So:
 *
 *   a guest that announces its units (systemd from 256) is ready after READY=1 and basic.target
 *   READY=1 without basic.target is held until the next unit is announced, at most LIFE_HOLD_USEC. If that unit is
 *     emergency.target or rescue.target, the guest is not ready; if it is another one, or none comes, it is
 *   an older guest announces nothing and is ready at READY=1
 *   if a ready unit was configured, its announcement is readiness and READY=1 is not
 *
 * The VMM may lose messages, and VSN_EVENT_GUEST_LOST tells that it did (guest/connection.h). What was lost is not known, so
 * from the first loss of a life on:
 *
 *   if READY=1 is lost, readiness is inferred from the default target (infer.h), sooner than without a loss
 *   the announcement of emergency.target or rescue.target may be lost. So READY=1 without basic.target is held until
 *     basic.target is active, however long that takes, and neither another unit nor the time makes the guest ready. If a
 *     guest has announced nothing yet, READY=1 is held for LIFE_HOLD_USEC, in which emergency.target may be announced
 *   a lost basic.target is made good for by multi-user.target or graphical.target, which imply it
 *
 * Emergency is over when emergency.target and rescue.target are inactive and basic.target is active. multi-user.target and
 * graphical.target require basic.target and conflict with rescue.target (systemd.special(7)), so either of them says both.
 *
 * A new life begins when
 *
 *   the guest says its first word
 *   PID 1 speaks after X_SYSTEMD_SHUTDOWN=
 *   soft-reboot.target is active
 *   the host name, the machine id or the signals' level is announced a second time: PID 1 announces each once, when it has
 *     set it up (systemd(1)), so the VM was reset. In the same life RELOADING=1 comes before a second announcement: after
 *     switch-root, re-execution and soft-reboot (tests/captures)
 *   one of the three is announced by a guest that is stopping, after RELOADING=1 too: soft-reboot.target, or the last word
 *     before a reboot, was lost
 *   the VMM tells that it has rebooted the VM, unless the guest's own words have begun that life already
 *
 * systemd 254 and 255 send no X_SYSTEMD_ field. If such a guest is reset and the VMM does not tell, its READY=1 looks like
 * a repeated one, and the new life is not seen.
 */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"
#include "life_facts.h"

#define LIFE_HOLD_USEC UINT64_C(1000000)
#define LIFE_WAY_MAX   32

enum life_phase {
	LIFE_NONE, /* nothing is known */
	LIFE_BOOTING,
	LIFE_READY,
	LIFE_DEGRADED, /* in emergency or rescue mode */
	LIFE_STOPPING,
	LIFE_ENDED, /* X_SYSTEMD_SHUTDOWN= was said */
	LIFE_PANICKED
};

struct life {
	const char *ready_unit; /* NULL: the rules above */
	bool never_infer;       /* infer-ready=no */
	int64_t process;        /* the process that connects for the guest; 0: not known */
	enum life_phase phase;
	bool announces;         /* has sent an X_SYSTEMD_ field */
	bool basic;             /* basic.target is active */
	bool emergency;         /* emergency.target is active */
	bool rescue;            /* rescue.target is active */
	bool target;            /* the default target is active */
	bool unit_active;       /* ready_unit is active */
	bool paused;            /* the VM is */
	bool lost;              /* a message was lost */
	bool ready_said;        /* READY=1 came and has not been passed on */
	bool was_ready;         /* has been ready */
	unsigned said_once;     /* fields that PID 1 says once, said since the last RELOADING=1 */
	bool silent;            /* the VMM has rebooted it, and it has not spoken since */
	bool begun_by_guest;    /* the VMM may yet tell of the reboot that began this life */
	char way[LIFE_WAY_MAX]; /* of the shutdown, as far as it has been emitted */
	uint64_t
		held_until_usec; /* READY=1 is held; 0: it is not, or until basic.target is active */
	uint64_t infer_at_usec;  /* as infer_at() gives it */
};

/* READY can follow RECOVERED, and both a new life. */
#define LIFE_EDGES_MAX 4

struct life_edge {
	enum vsn_event_type type;
	int number;       /* as the ABI has it */
	const char *text; /* of STOPPING: the way, in the message or ""; else NULL */
	size_t length;
};

/* What follows from one message, event or deadline. */
struct life_step {
	struct life_facts facts;
	bool begins;   /* BOOTING, to be emitted before the message's fields */
	bool rebooted; /* and a life that had not said its end was on */
	unsigned count;
	struct life_edge
		edges[LIFE_EDGES_MAX]; /* to be emitted after the message's fields and status */
	/* What the service manager is told, also if it is no edge. */
	bool ready;
	bool inferred; /* ready, and READY=1 has not come */
	bool degraded;
	bool recovered;
};

/* A message came. length: as fields_length() gives it. */
void life_message(struct life *life, const char *text, size_t length, uint64_t now_usec,
                  struct life_step *step);

/* When life_time() is to be called; 0: no step follows from time alone. */
uint64_t life_deadline(const struct life *life);

/* The clock has come to now_usec. */
void life_time(struct life *life, uint64_t now_usec, struct life_step *step);

/* What happens to the VM. Events that do not concern the guest's life yield no step. */
void life_event(struct life *life, const struct vsn_event *event, struct life_step *step);

#endif
