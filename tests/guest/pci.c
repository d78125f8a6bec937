/* SPDX-License-Identifier: Apache-2.0 */
/* PCI configuration space of bus 0, through the I/O ports of PCI's configuration mechanism 1. */
#include "pci.h"

#include "io.h"

/*
 * One port selects a 32-bit register, and the next four are a window on it. The driver remembers
 * what is selected, because each port access costs many microseconds under a hypervisor.
 */
#define PCI_CONFIG_ADDRESS   0xcf8
#define PCI_CONFIG_DATA      0xcfc
#define PCI_CONFIG_ENABLE    0x80000000
#define PCI_SLOT_SHIFT       11
#define PCI_SLOTS            32
#define PCI_REGISTER_MASK    0xfc
#define PCI_BYTE_IN_REGISTER 0x03

static uint32_t selected;

/* returns the port of the byte at offset */
static uint16_t select_register(uint8_t slot, uint8_t offset)
{
	uint32_t wanted =
		PCI_CONFIG_ENABLE | (uint32_t)slot << PCI_SLOT_SHIFT | (offset & PCI_REGISTER_MASK);

	if (wanted != selected) {
		outl(PCI_CONFIG_ADDRESS, wanted);
		selected = wanted;
	}
	return PCI_CONFIG_DATA + (offset & PCI_BYTE_IN_REGISTER);
}

uint8_t pci_read8(uint8_t slot, uint8_t offset)
{
	return inb(select_register(slot, offset));
}

uint32_t pci_read32(uint8_t slot, uint8_t offset)
{
	return inl(select_register(slot, offset));
}

void pci_write8(uint8_t slot, uint8_t offset, uint8_t value)
{
	outb(select_register(slot, offset), value);
}

void pci_write16(uint8_t slot, uint8_t offset, uint16_t value)
{
	outw(select_register(slot, offset), value);
}

void pci_write32(uint8_t slot, uint8_t offset, uint32_t value)
{
	outl(select_register(slot, offset), value);
}

bool pci_find(uint16_t vendor, uint16_t device, uint8_t *slot)
{
	uint32_t id = (uint32_t)device << 16 | vendor;

	for (uint8_t i = 0; i < PCI_SLOTS; i++) {
		if (pci_read32(i, PCI_ID) != id)
			continue;
		pci_write16(i, PCI_COMMAND,
		            PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_NO_INTX);
		*slot = i;
		return true;
	}
	return false;
}
