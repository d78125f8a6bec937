/* SPDX-License-Identifier: Apache-2.0 */
/* The virtio-mmio transport (virtio 1.2, section 4.2): Firecracker. */
#include "virtio.h"

#include <stddef.h>

#include "cmdline.h"
#include "text.h"

/*
 * MMIO devices cannot be enumerated. Firecracker names each by a word that Linux understands on the
 * kernel command line, virtio_mmio.device=SIZE@ADDRESS:IRQ. The addresses are below 4 GiB, so plain
 * loads and stores reach them without paging.
 */

/* 4.2.2 MMIO Device Register Layout, without the fields that this driver does not need */
struct virtio_mmio_registers {
	uint32_t magic_value; /* 0x000 */
	uint32_t version;
	uint32_t device_id;
	uint32_t vendor_id;
	uint32_t device_features; /* 0x010 */
	uint32_t device_features_sel;
	uint32_t reserved_018[2];
	uint32_t driver_features; /* 0x020 */
	uint32_t driver_features_sel;
	uint32_t reserved_028[2];
	uint32_t queue_sel; /* 0x030 */
	uint32_t queue_num_max;
	uint32_t queue_num;
	uint32_t reserved_03c[2];
	uint32_t queue_ready; /* 0x044 */
	uint32_t reserved_048[2];
	uint32_t queue_notify; /* 0x050 */
	uint32_t reserved_054[7];
	uint32_t status; /* 0x070 */
	uint32_t reserved_074[3];
	uint32_t queue_desc[2]; /* 0x080, low half first, as the next two */
	uint32_t reserved_088[2];
	uint32_t queue_driver[2]; /* 0x090 */
	uint32_t reserved_098[2];
	uint32_t queue_device[2]; /* 0x0a0 */
	uint32_t reserved_0a8[22];
	uint32_t config[]; /* 0x100 */
};

_Static_assert(offsetof(struct virtio_mmio_registers, status) == 0x070, "4.2.2");
_Static_assert(offsetof(struct virtio_mmio_registers, config) == 0x100, "4.2.2");

#define VIRTIO_MMIO_MAGIC   0x74726976 /* "virt" */
#define VIRTIO_MMIO_VERSION 2

static volatile struct virtio_mmio_registers *registers;

/* the address in a word of the command line that describes a device, or 0 */
static uint32_t device_address(const char *word)
{
	const char *at = text_after(word, "virtio_mmio.device=");
	uint32_t address;

	while (at && *at != '\0') {
		if (*at++ == '@')
			return text_number(at, &address) ? address : 0;
	}
	return 0;
}

static bool find(void)
{
	const char *word;

	for (size_t i = 0; (word = cmdline_word(i)) != NULL; i++) {
		uint32_t address = device_address(word);

		if (address == 0)
			continue;
		registers = (volatile struct virtio_mmio_registers *)(uintptr_t)address;
		if (registers->magic_value == VIRTIO_MMIO_MAGIC &&
		    registers->version == VIRTIO_MMIO_VERSION &&
		    registers->device_id == VIRTIO_ID_VSOCK)
			return true;
	}
	return false;
}

static uint8_t get_status(void)
{
	return (uint8_t)registers->status;
}

static void set_status(uint8_t status)
{
	registers->status = status;
}

static uint32_t get_features(uint32_t select)
{
	registers->device_features_sel = select;
	return registers->device_features;
}

static void set_features(uint32_t select, uint32_t bits)
{
	registers->driver_features_sel = select;
	registers->driver_features = bits;
}

static void write_address(volatile uint32_t halves[2], const volatile void *address)
{
	halves[0] = (uint32_t)(uintptr_t)address;
	halves[1] = 0;
}

/* 4.2.3.2 Virtqueue Configuration */
static void setup_queue(uint16_t index, const struct virtqueue *queue)
{
	registers->queue_sel = index;
	registers->queue_num = VIRTQUEUE_SIZE;
	write_address(registers->queue_desc, queue->desc);
	write_address(registers->queue_driver, &queue->avail);
	write_address(registers->queue_device, &queue->used);
	registers->queue_ready = 1;
}

/* 4.2.3.3 Available Buffer Notifications */
static void notify(uint16_t index)
{
	registers->queue_notify = index;
}

static uint32_t read_config(uint32_t offset)
{
	return registers->config[offset / sizeof(uint32_t)];
}

const struct virtio_transport virtio_mmio = {
	.name = "virtio-mmio",
	.find = find,
	.get_status = get_status,
	.set_status = set_status,
	.get_features = get_features,
	.set_features = set_features,
	.setup_queue = setup_queue,
	.notify = notify,
	.read_config = read_config,
};
