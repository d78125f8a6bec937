/* SPDX-License-Identifier: Apache-2.0 */
/* The virtio-pci transport (virtio 1.2, section 4.1), by port I/O: cloud-hypervisor and QEMU. */
#include "virtio.h"

#include <stddef.h>

#include "pci.h"

/*
 * The device's registers are in a BAR, and VMMs like to place BARs above 4 GiB, out of reach
 * without paging. The capability VIRTIO_PCI_CAP_PCI_CFG (4.1.4.9) is the way around: whatever
 * offset and width are written to it, its last field is then a window on that piece of the BAR.
 */

#define PCI_VENDOR_VIRTIO           0x1af4
#define PCI_DEVICE_VIRTIO_MODERN(n) (0x1040 + (n)) /* 4.1.2 */

/* 4.1.4 Virtio Structure PCI Capabilities: cfg_type, and the offsets in struct virtio_pci_cap */
#define VIRTIO_PCI_CAP_COMMON_CFG 1
#define VIRTIO_PCI_CAP_NOTIFY_CFG 2
#define VIRTIO_PCI_CAP_DEVICE_CFG 4
#define VIRTIO_PCI_CAP_PCI_CFG    5
#define CAP_VNDR                  0
#define CAP_NEXT                  1
#define CAP_CFG_TYPE              3
#define CAP_BAR                   4
#define CAP_OFFSET                8
#define CAP_LENGTH                12
#define CAP_NOTIFY_OFF_MULTIPLIER 16 /* in struct virtio_pci_notify_cap */
#define CAP_PCI_CFG_DATA          16 /* in struct virtio_pci_cfg_cap */

/* 4.1.4.3 Common configuration structure layout */
struct virtio_pci_common_cfg {
	uint32_t device_feature_select;
	uint32_t device_feature;
	uint32_t driver_feature_select;
	uint32_t driver_feature;
	uint16_t config_msix_vector;
	uint16_t num_queues;
	uint8_t device_status;
	uint8_t config_generation;
	uint16_t queue_select;
	uint16_t queue_size;
	uint16_t queue_msix_vector;
	uint16_t queue_enable;
	uint16_t queue_notify_off;
	uint64_t queue_desc;
	uint64_t queue_driver;
	uint64_t queue_device;
};

#define COMMON(field)        (common_cfg + (uint32_t)offsetof(struct virtio_pci_common_cfg, field))
#define HIGH_HALF            4 /* of a 64-bit field */
#define VIRTIO_MSI_NO_VECTOR 0xffff
#define QUEUES_MAX           3

static uint8_t slot;
static uint8_t window; /* the PCI_CFG capability */
static uint8_t bar;    /* VMMs keep all of a device's structures in one */
static uint32_t common_cfg;
static uint32_t device_cfg;
static uint32_t notify_cfg;
static uint32_t notify_off_multiplier;
static uint32_t notify_offset[QUEUES_MAX];

/*
 * cloud-hypervisor before 53.0 answers reads narrower than 32 bits with nothing. With it the driver
 * does not read such a field back: it takes what it wrote, or what that VMM is known to say.
 */
static bool narrow_reads;
static uint8_t believed_status;

/* where the window is, remembered as each access to it costs */
static uint32_t window_offset = UINT32_MAX;
static uint32_t window_length = UINT32_MAX;

/* returns the configuration space offset at which the piece of the BAR appears */
static uint8_t aim_window(uint32_t offset, uint32_t length)
{
	/* in this order, as an offset must be a multiple of the length */
	if (length != window_length) {
		pci_write32(slot, window + CAP_LENGTH, length);
		window_length = length;
	}
	if (offset != window_offset) {
		pci_write32(slot, window + CAP_OFFSET, offset);
		window_offset = offset;
	}
	return window + CAP_PCI_CFG_DATA;
}

static uint32_t read_narrow(uint32_t offset, uint32_t length)
{
	return pci_read32(slot, aim_window(offset, length)) & ((1U << (8 * length)) - 1);
}

static uint8_t read8(uint32_t offset)
{
	return (uint8_t)read_narrow(offset, sizeof(uint8_t));
}

static uint16_t read16(uint32_t offset)
{
	return (uint16_t)read_narrow(offset, sizeof(uint16_t));
}

static uint32_t read32(uint32_t offset)
{
	return pci_read32(slot, aim_window(offset, sizeof(uint32_t)));
}

static void write8(uint32_t offset, uint8_t value)
{
	pci_write8(slot, aim_window(offset, sizeof(value)), value);
}

static void write16(uint32_t offset, uint16_t value)
{
	pci_write16(slot, aim_window(offset, sizeof(value)), value);
}

static void write32(uint32_t offset, uint32_t value)
{
	pci_write32(slot, aim_window(offset, sizeof(value)), value);
}

static void write_address(uint32_t offset, const volatile void *address)
{
	write32(offset, (uint32_t)(uintptr_t)address);
	write32(offset + HIGH_HALF, 0);
}

static void read_capability(uint8_t cap)
{
	uint32_t offset = pci_read32(slot, cap + CAP_OFFSET);

	switch (pci_read8(slot, cap + CAP_CFG_TYPE)) {
	case VIRTIO_PCI_CAP_COMMON_CFG:
		common_cfg = offset;
		bar = pci_read8(slot, cap + CAP_BAR);
		break;
	case VIRTIO_PCI_CAP_NOTIFY_CFG:
		notify_cfg = offset;
		notify_off_multiplier = pci_read32(slot, cap + CAP_NOTIFY_OFF_MULTIPLIER);
		break;
	case VIRTIO_PCI_CAP_DEVICE_CFG:
		device_cfg = offset;
		break;
	case VIRTIO_PCI_CAP_PCI_CFG:
		window = cap;
		break;
	default:
		break;
	}
}

static bool find(void)
{
	if (!pci_find(PCI_VENDOR_VIRTIO, PCI_DEVICE_VIRTIO_MODERN(VIRTIO_ID_VSOCK), &slot))
		return false;
	for (uint8_t cap = pci_read8(slot, PCI_CAPABILITIES); cap != 0;
	     cap = pci_read8(slot, cap + CAP_NEXT)) {
		if (pci_read8(slot, cap + CAP_VNDR) == PCI_CAP_VENDOR_SPECIFIC)
			read_capability(cap);
	}
	if (window == 0)
		return false;
	pci_write8(slot, window + CAP_BAR, bar);
	narrow_reads = read16(COMMON(num_queues)) != 0;
	write16(COMMON(config_msix_vector), VIRTIO_MSI_NO_VECTOR);
	return true;
}

static uint8_t get_status(void)
{
	return narrow_reads ? read8(COMMON(device_status)) : believed_status;
}

static void set_status(uint8_t status)
{
	write8(COMMON(device_status), status);
	believed_status = status;
}

static uint32_t get_features(uint32_t select)
{
	write32(COMMON(device_feature_select), select);
	return read32(COMMON(device_feature));
}

static void set_features(uint32_t select, uint32_t bits)
{
	write32(COMMON(driver_feature_select), select);
	write32(COMMON(driver_feature), bits);
}

/* 4.1.5.1.3 Virtqueue Configuration */
static void setup_queue(uint16_t index, const struct virtqueue *queue)
{
	uint16_t notify_off;

	write16(COMMON(queue_select), index);
	write16(COMMON(queue_size), VIRTQUEUE_SIZE);
	write16(COMMON(queue_msix_vector), VIRTIO_MSI_NO_VECTOR);
	write_address(COMMON(queue_desc), queue->desc);
	write_address(COMMON(queue_driver), &queue->avail);
	write_address(COMMON(queue_device), &queue->used);
	/* cloud-hypervisor before 53.0 numbers the doorbells like the queues */
	notify_off = narrow_reads ? read16(COMMON(queue_notify_off)) : index;
	notify_offset[index] = notify_cfg + notify_off * notify_off_multiplier;
	write16(COMMON(queue_enable), 1);
}

/* 4.1.5.2 Available Buffer Notifications */
static void notify(uint16_t index)
{
	write16(notify_offset[index], index);
}

static uint32_t read_config(uint32_t offset)
{
	return read32(device_cfg + offset);
}

const struct virtio_transport virtio_pci = {
	.name = "virtio-pci",
	.find = find,
	.get_status = get_status,
	.set_status = set_status,
	.get_features = get_features,
	.set_features = set_features,
	.setup_queue = setup_queue,
	.notify = notify,
	.read_config = read_config,
};
