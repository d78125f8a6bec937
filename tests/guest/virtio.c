/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing up the vsock device, whatever transport it is behind. */
#include "virtio.h"

#include <stddef.h>

#include "io.h"

/*
 * PCI comes first, because looking for a PCI device touches no address that may not exist. A VMM
 * without PCI names its devices on the kernel command line.
 */
static const struct virtio_transport *const transports[] = {&virtio_pci, &virtio_mmio};

static const struct virtio_transport *find_transport(void)
{
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		if (transports[i]->find())
			return transports[i];
	}
	return NULL;
}

/* 3.1.1 Driver Requirements: Device Initialization */
const struct virtio_transport *virtio_start(struct virtqueue *const queues[], uint16_t count,
                                            const char **error)
{
	const struct virtio_transport *transport = find_transport();
	uint8_t status = VIRTIO_STATUS_ACKNOWLEDGE;

	if (!transport) {
		*error = "no virtio-vsock device";
		return NULL;
	}

	transport->set_status(0);
	while (transport->get_status() != 0)
		relax();
	transport->set_status(status);
	status |= VIRTIO_STATUS_DRIVER;
	transport->set_status(status);

	if (!(transport->get_features(VIRTIO_FEATURES_HIGH) & VIRTIO_F_VERSION_1_HIGH)) {
		*error = "the device is older than virtio 1";
		return NULL;
	}
	/* stream sockets need no feature bit (5.10.3) */
	transport->set_features(VIRTIO_FEATURES_LOW, 0);
	transport->set_features(VIRTIO_FEATURES_HIGH, VIRTIO_F_VERSION_1_HIGH);
	status |= VIRTIO_STATUS_FEATURES_OK;
	transport->set_status(status);
	if (!(transport->get_status() & VIRTIO_STATUS_FEATURES_OK)) {
		*error = "the device wants other features";
		return NULL;
	}

	for (uint16_t i = 0; i < count; i++) {
		virtqueue_start(queues[i]);
		transport->setup_queue(i, queues[i]);
	}
	status |= VIRTIO_STATUS_DRIVER_OK;
	transport->set_status(status);
	return transport;
}
