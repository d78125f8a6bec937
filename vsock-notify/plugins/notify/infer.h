/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a guest is taken for ready although its READY=1 was lost. A pure function, with its truth table in tests/unit/test_infer.c.
 *
 * PID 1 says READY=1 when it has no job left, and does not repeat it. That is just before or just after it announces the
 * default target. If the VMM loses the one message, the guest is up and the service manager waits for nothing. So the guest is
 * taken for ready, its readiness is inferred, if all of this is true:
 *
 *   infer-ready=no is not configured, and no ready unit is: its announcement is readiness by itself
 *   the guest boots: READY=1 has not come, it is not in emergency or rescue mode, and it is not stopping
 *   its VM is not paused
 *   the default target, multi-user.target or graphical.target, is active. Both require basic.target (systemd.special(7))
 *   PID 1 has been silent since all this became true: for INFER_QUIET_USEC if a message was lost in this life, else for
 *     INFER_LONG_QUIET_USEC
 *
 * Each message of PID 1's starts the wait again, because it shows that PID 1 is at work: a target is reached when a job ends, and
 * other jobs may follow (a graphical boot reaches multi-user.target first). The first loss starts it again, too. While a job
 * runs, PID 1 says "STATUS=User job ... running" when no job has ended for 2 s, and then every 333 ms
 * (JOBS_IN_PROGRESS_WAIT_USEC and JOBS_IN_PROGRESS_PERIOD_USEC in systemd's src/core/manager.c; up to 0.8 s apart in an
 * emulated guest, tests/captures). So 2.5 s of silence say that no job has run for long, and the unit is active within 3 s of
 * the default target's announcement.
 *
 * Then the guest is taken for ready too early only if jobs follow the default target, and they are all shorter than 2 s, or
 * "quiet" is on the guest's kernel command line: with it PID 1 speaks of a job after 25 s only
 * (JOBS_IN_PROGRESS_QUIET_WAIT_USEC). What the default target requires is up even then.
 *
 * Some losses leave no trace: if the guest connects again fast enough, its next message comes on the connection that the VMM
 * made for the lost one (seen with cloud-hypervisor 53.0: 4 of 9 losses of 10 boots). 30 s of silence say the same
 * with "quiet", too, so READY=1 was lost even if no loss was seen. Messages of other programs do not start the wait again.
 *
 * Readiness cannot be inferred if the announcement of the default target is lost together with READY=1, if the default target
 * is another one, or if the guest announces nothing (systemd 254 and 255).
 */
#ifndef INFER_H
#define INFER_H

#include <stdbool.h>
#include <stdint.h>

#define INFER_QUIET_USEC      UINT64_C(2500000)
#define INFER_LONG_QUIET_USEC UINT64_C(30000000)

struct infer {
	bool allowed; /* neither infer-ready=no nor ready-unit= is configured */
	bool booting; /* in no other phase of its life */
	bool paused;  /* the VM is: its silence says nothing */
	bool lost;    /* a message of this life, as far as has been seen */
	bool target;  /* the default target is active */
	bool spoke;   /* PID 1 did, just now, or the first message was lost */
};

/*
 * When the guest will be taken for ready if nothing changes; 0: not as things are. at_usec: what this function returned last,
 * or 0 in a new life.
 */
uint64_t infer_at(const struct infer *what, uint64_t at_usec, uint64_t now_usec);

#endif
