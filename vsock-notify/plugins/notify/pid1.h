/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this what systemd's PID 1 in the guest sends, and is it complete as it stands? Pure.
 *
 * PID 1 waits for the answer of each notification, single-threaded, and only logs a line when the
 * answer came too early; other programs fail then. So its messages may be answered after a short
 * silence, and it is known by what it says: X_SYSTEMD_* fields, "READY=1 STATUS=Ready.", the status
 * lines of its jobs, RELOADING with its own clock (seen with systemd 257 and 262; the texts are in
 * systemd's src/core/manager.c). A program that imitates it hurts only itself.
 *
 * A message that has been cut anywhere but in a host name, a reboot parameter or a number is not
 * taken for a whole one.
 */
#ifndef PID1_H
#define PID1_H

#include <stdbool.h>
#include <stddef.h>

bool pid1_recognises(const char *text, size_t length);

#endif
