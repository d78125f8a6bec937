/* SPDX-License-Identifier: Apache-2.0 */
/* Packets to and from the vsock device (virtio 1.2, section 5.10). */
#include "vsock_link.h"

#include <stddef.h>

#include "io.h"
#include "text.h"
#include "virtio.h"

/*
 * The device has three queues. A packet is a header and its payload; here both are in one buffer,
 * as with Linux since 6.3. The guest only ever waits by polling: it has no interrupt handlers.
 */

/* 5.10.2 Virtqueues */
enum {
	RX_QUEUE,
	TX_QUEUE,
	EVENT_QUEUE,
	QUEUES
};

/* 5.10.4 Device configuration layout */
struct virtio_vsock_config {
	uint64_t guest_cid;
};

struct packet {
	struct virtio_vsock_hdr hdr;
	uint8_t payload[VSOCK_PAYLOAD_MAX];
};

/* Received buffers are given back at once, but announced only in bunches: a doorbell is slow. */
#define RX_BUNCH (VIRTQUEUE_SIZE / 4)

static const struct virtio_transport *transport;
static uint32_t guest_cid;

static struct virtqueue rx;
static struct virtqueue tx;
/* Events tell of a migration, which no script of this guest meets: no buffer is ever offered. */
static struct virtqueue event;

static struct packet rx_packets[VIRTQUEUE_SIZE];
static struct packet tx_packets[VIRTQUEUE_SIZE];
static bool tx_busy[VIRTQUEUE_SIZE];
static unsigned int rx_unannounced;

static void offer_rx(uint16_t id)
{
	virtqueue_offer(&rx, id, &rx_packets[id], sizeof(rx_packets[id]), VIRTQ_DESC_F_WRITE);
}

bool vsock_link_start(const char **error)
{
	struct virtqueue *const queues[QUEUES] = {
		[RX_QUEUE] = &rx,
		[TX_QUEUE] = &tx,
		[EVENT_QUEUE] = &event,
	};

	transport = virtio_start(queues, QUEUES, error);
	if (!transport)
		return false;
	/* the upper half is reserved and zero */
	guest_cid = transport->read_config(offsetof(struct virtio_vsock_config, guest_cid));
	for (uint16_t id = 0; id < VIRTQUEUE_SIZE; id++)
		offer_rx(id);
	transport->notify(RX_QUEUE);
	return true;
}

/* waits for a buffer that the device does not have any more */
static uint16_t free_tx(void)
{
	uint16_t id;

	for (;;) {
		while (virtqueue_take(&tx, &id))
			tx_busy[id] = false;
		for (id = 0; id < VIRTQUEUE_SIZE; id++) {
			if (!tx_busy[id])
				return id;
		}
		relax();
	}
}

void vsock_link_send(const struct virtio_vsock_hdr *hdr, const void *payload)
{
	uint16_t id = free_tx();
	struct packet *packet = &tx_packets[id];

	packet->hdr = *hdr;
	packet->hdr.src_cid = guest_cid;
	packet->hdr.dst_cid = VMADDR_CID_HOST;
	packet->hdr.type = VIRTIO_VSOCK_TYPE_STREAM;
	if (hdr->len > 0)
		memcpy(packet->payload, payload, hdr->len);
	tx_busy[id] = true;
	virtqueue_offer(&tx, id, packet, (uint32_t)sizeof(packet->hdr) + hdr->len, 0);
	transport->notify(TX_QUEUE);
}

bool vsock_link_receive(struct virtio_vsock_hdr *hdr)
{
	uint16_t id;

	if (!virtqueue_take(&rx, &id))
		return false;
	*hdr = rx_packets[id].hdr;
	offer_rx(id);
	if (++rx_unannounced == RX_BUNCH) {
		transport->notify(RX_QUEUE);
		rx_unannounced = 0;
	}
	return true;
}

bool vsock_link_idle(void)
{
	return virtqueue_idle(&tx);
}
