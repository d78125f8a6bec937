/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recognises a whole message of the guest's PID 1. Pure.
 *
 * PID 1 is single-threaded and waits for the answer to each notification. If the answer comes too early, it only logs a line;
 * other programs fail. So PID 1's messages may be answered after a short silence. It is recognised by what it sends:
 * X_SYSTEMD_* fields, "READY=1 STATUS=Ready.", the status lines of its jobs, and of the units that signals ask for, RELOADING=1 with its
 * clock (systemd 254 to 262; the texts are in its src/core/manager.c). A program that imitates it hurts only itself.
 *
 * A message that was cut is not taken for a whole one, unless it was cut in a host name, a reboot parameter or a number.
 */
#ifndef PID1_H
#define PID1_H

#include <stdbool.h>
#include <stddef.h>

bool pid1_recognises(const char *text, size_t length);

#endif
