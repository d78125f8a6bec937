/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals that interrupt a wait. They are blocked except while ppoll(2) waits with interrupt_mask(), so that no signal is lost
 * between a check and the wait.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>

/* From now on this signal interrupts waits, unless this process ignores it. */
void interrupt_catch(int signal);

/* The mask for ppoll(2); NULL: no signal interrupts waits. */
const sigset_t *interrupt_mask(void);

/* The signal that came since the last call, or 0. */
int interrupt_taken(void);

/* Ends this process in the way that the signal would have ended it. */
_Noreturn void interrupt_die(int signal);

#endif
