/* SPDX-License-Identifier: Apache-2.0 */
/* PCI configuration space of bus 0, through the I/O ports of PCI's configuration mechanism 1. */
#ifndef GUEST_PCI_H
#define GUEST_PCI_H

#include <stdbool.h>
#include <stdint.h>

/* the registers used, and their bits */
#define PCI_ID                  0x00 /* vendor in the low half, device in the high half */
#define PCI_COMMAND             0x04
#define PCI_BAR0                0x10
#define PCI_CAPABILITIES        0x34
#define PCI_COMMAND_MEMORY      0x0002
#define PCI_COMMAND_MASTER      0x0004
#define PCI_COMMAND_NO_INTX     0x0400
#define PCI_CAP_VENDOR_SPECIFIC 0x09

/* finds the function 0 with these ids and enables its BARs and its DMA */
bool pci_find(uint16_t vendor, uint16_t device, uint8_t *slot);

uint8_t pci_read8(uint8_t slot, uint8_t offset);
uint32_t pci_read32(uint8_t slot, uint8_t offset);
void pci_write8(uint8_t slot, uint8_t offset, uint8_t value);
void pci_write16(uint8_t slot, uint8_t offset, uint16_t value);
void pci_write32(uint8_t slot, uint8_t offset, uint32_t value);

#endif
