/* SPDX-License-Identifier: Apache-2.0 */
/* Signals that end waiting, and only that: they are blocked but while ppoll(2) waits, so that none comes unseen. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>

/* Notes that signal from now on, where it is not ignored. */
void interrupt_catch(int signal);

/* For ppoll(2); NULL before any is noted. */
const sigset_t *interrupt_mask(void);

/* The one that came since the last call, or 0. */
int interrupt_taken(void);

/* Ends this process as the signal would have. */
_Noreturn void interrupt_die(int signal);

#endif
