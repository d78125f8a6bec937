/* SPDX-License-Identifier: Apache-2.0 */
/* How the machine ends: off, reset, stuck; and whether it is asked to. */
#ifndef GUEST_POWER_H
#define GUEST_POWER_H

#include <stdbool.h>

_Noreturn void power_off(void);
_Noreturn void power_reset(void);
_Noreturn void power_hang(void);

/* tell the VMM of a crash, then do what Linux does without and with panic= on its command line */
_Noreturn void power_panic(void);
_Noreturn void power_panic_reset(void);

/* From now on power_button_pressed() notices a press. */
void power_watch_button(void);

/* Whether the VMM's user asked the guest to end: by Ctrl+Alt+Del (Firecracker), or a power button (QEMU). */
bool power_button_pressed(void);

/* for a guest that cannot go on: says why, and powers off */
_Noreturn void power_fail(const char *reason, const char *detail);

#endif
