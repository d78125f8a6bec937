/* SPDX-License-Identifier: Apache-2.0 */
/* How the machine ends: off, reset, stuck. */
#include "power.h"

#include <stdbool.h>
#include <stdint.h>

#include "io.h"
#include "pci.h"
#include "serial.h"

/*
 * The guest has no ACPI interpreter, so it has to know the VMMs' registers. No port means one thing
 * to one VMM and something else to another. So the guest need not know which VMM it has: it tries
 * all ways in order, and the one that works does not return.
 */

/* cloud-hypervisor: ACPI's sleep control register, with S5 as the sleep type */
#define CH_SLEEP_CONTROL 0x600
#define CH_SLEEP_S5      (5 << 2)
#define CH_SLEEP_ENABLE  (1 << 5)

/* QEMU: ACPI's PM1a control register where its firmware maps it; there, the type of S5 is 0 */
#define QEMU_PM1A_CONTROL 0x604
#define ACPI_SLEEP_ENABLE (1 << 13)

/* the keyboard controller's reset line: Firecracker's only way to end, a reset elsewhere */
#define I8042_COMMAND   0x64
#define I8042_RESET_CPU 0xfe

/*
 * Two VMMs have something that a user can press. Firecracker: the keys Ctrl, Alt and Del of its keyboard, the last byte of
 * which is Del's (its i8042.rs). QEMU: ACPI's power button, where the status and enable registers of PM1a are.
 */
#define I8042_DATA      0x60
#define I8042_HAS_DATA  1
#define KEY_DEL         0x71
#define QEMU_PM1_STATUS 0x600
#define QEMU_PM1_ENABLE 0x602
#define PM1_BUTTON      (1 << 8)
#define UNUSED_PORT     0xed

/* pvpanic as a PCI device; cloud-hypervisor and QEMU have the same one */
#define PVPANIC_VENDOR   0x1b36
#define PVPANIC_DEVICE   0x0011
#define PVPANIC_PANICKED 1
#define PCI_BAR_FLAGS    0x0000000fU

void power_off(void)
{
	outb(CH_SLEEP_CONTROL, CH_SLEEP_S5 | CH_SLEEP_ENABLE);
	outw(QEMU_PM1A_CONTROL, ACPI_SLEEP_ENABLE);
	power_reset();
}

void power_reset(void)
{
	outb(I8042_COMMAND, I8042_RESET_CPU);
	power_hang();
}

static bool has_pm1;

/*
 * Where there is no register, what was written last comes back from any port under some VMMs, so something else is written in
 * between.
 */
void power_watch_button(void)
{
	outw(QEMU_PM1_ENABLE, PM1_BUTTON);
	outw(UNUSED_PORT, 0);
	has_pm1 = inw(QEMU_PM1_ENABLE) == PM1_BUTTON;
}

bool power_button_pressed(void)
{
	if (has_pm1 && (inw(QEMU_PM1_STATUS) & PM1_BUTTON))
		return true;
	return (inb(I8042_COMMAND) & I8042_HAS_DATA) && inb(I8042_DATA) == KEY_DEL;
}

void power_hang(void)
{
	for (;;)
		halt();
}

/* as Linux does when it panics, if there is a device for it */
static void announce_panic(void)
{
	volatile uint8_t *events;
	uint8_t slot;

	if (!pci_find(PVPANIC_VENDOR, PVPANIC_DEVICE, &slot))
		return;
	events = (volatile uint8_t *)(uintptr_t)(pci_read32(slot, PCI_BAR0) & ~PCI_BAR_FLAGS);
	*events = PVPANIC_PANICKED;
}

void power_panic(void)
{
	announce_panic();
	power_hang();
}

void power_panic_reset(void)
{
	announce_panic();
	power_reset();
}

void power_fail(const char *reason, const char *detail)
{
	serial_text("FAIL ");
	serial_text(reason);
	serial_text(" ");
	serial_text(detail);
	serial_text("\n");
	power_off();
}
