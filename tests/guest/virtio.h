/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing up the vsock device, whatever transport it is behind. */
#ifndef GUEST_VIRTIO_H
#define GUEST_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#include "virtqueue.h"

#define VIRTIO_ID_VSOCK 19 /* 5 Device Types */

/* 2.1 Device Status Field */
#define VIRTIO_STATUS_ACKNOWLEDGE 1
#define VIRTIO_STATUS_DRIVER      2
#define VIRTIO_STATUS_DRIVER_OK   4
#define VIRTIO_STATUS_FEATURES_OK 8

/* 6 Reserved Feature Bits: bit 32, the lowest one of the second 32 */
#define VIRTIO_FEATURES_LOW     0
#define VIRTIO_FEATURES_HIGH    1
#define VIRTIO_F_VERSION_1_HIGH 0x00000001

/* what 4.1 (PCI) and 4.2 (MMIO) do differently */
struct virtio_transport {
	const char *name;
	bool (*find)(void);
	uint8_t (*get_status)(void);
	void (*set_status)(uint8_t status);
	uint32_t (*get_features)(uint32_t select);
	void (*set_features)(uint32_t select, uint32_t bits);
	void (*setup_queue)(uint16_t index, const struct virtqueue *queue);
	void (*notify)(uint16_t index);
	uint32_t (*read_config)(uint32_t offset);
};

extern const struct virtio_transport virtio_pci;
extern const struct virtio_transport virtio_mmio;

/*
 * Finds the device and makes it work on these queues. Returns its transport, or NULL with *error
 * set.
 */
const struct virtio_transport *virtio_start(struct virtqueue *const queues[], uint16_t count,
                                            const char **error);

#endif
