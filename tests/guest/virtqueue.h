/* SPDX-License-Identifier: Apache-2.0 */
/* A split virtqueue (virtio 1.2, section 2.7) whose every descriptor is a buffer of its own. */
#ifndef GUEST_VIRTQUEUE_H
#define GUEST_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQUEUE_SIZE 32 /* a power of two, as 2.7 demands, that every VMM accepts */

/* 2.7.5 The Virtqueue Descriptor Table */
#define VIRTQ_DESC_F_WRITE 2 /* the device writes to this buffer */
struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

/* 2.7.6 The Virtqueue Available Ring */
#define VIRTQ_AVAIL_F_NO_INTERRUPT 1
struct virtq_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[VIRTQUEUE_SIZE];
	uint16_t used_event;
};

/* 2.7.8 The Virtqueue Used Ring */
struct virtq_used_elem {
	uint32_t id;
	uint32_t len;
};

struct virtq_used {
	uint16_t flags;
	uint16_t idx;
	struct virtq_used_elem ring[VIRTQUEUE_SIZE];
	uint16_t avail_event;
};

struct virtqueue {
	_Alignas(16) struct virtq_desc desc[VIRTQUEUE_SIZE];
	_Alignas(2) volatile struct virtq_avail avail;
	_Alignas(4) volatile struct virtq_used used;
	uint16_t taken; /* how far used.idx has been followed */
};

/* prepares an empty queue, before the device is told of it */
void virtqueue_start(struct virtqueue *queue);

/* makes a buffer, known as id < VIRTQUEUE_SIZE, available to the device; does not notify it */
void virtqueue_offer(struct virtqueue *queue, uint16_t id, const void *buffer, uint32_t length,
                     uint16_t flags);

/* takes back one buffer that the device is done with; false if there is none */
bool virtqueue_take(struct virtqueue *queue, uint16_t *id);

/* whether the device has given back all that it was offered */
bool virtqueue_idle(const struct virtqueue *queue);

#endif
