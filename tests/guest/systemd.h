/* SPDX-License-Identifier: Apache-2.0 */
/* The messages that systemd's PID 1 sends over a guest's life. */
#ifndef GUEST_SYSTEMD_H
#define GUEST_SYSTEMD_H

#include <stdint.h>

void systemd_boot(void);           /* systemd 256 and later */
void systemd_boot_emergency(void); /* the same, into emergency mode */
void systemd_boot_old(void);       /* early releases of systemd 254 */

/* announces the targets t1 to tCOUNT, one after the other */
void systemd_announce(uint32_t count);

/* way: what X_SYSTEMD_SHUTDOWN= says; status: what EXIT_STATUS= says */
void systemd_shutdown(const char *way, uint32_t status);

#endif
