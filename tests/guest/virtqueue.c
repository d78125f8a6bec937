/* SPDX-License-Identifier: Apache-2.0 */
/* A split virtqueue (virtio 1.2, section 2.7) whose every descriptor is a buffer of its own. */
#include "virtqueue.h"

#include "io.h"

/*
 * The driver writes descriptors and puts their numbers into the available ring, the device puts
 * them into the used ring when it is done. Each side owns one ring and one running index, which
 * wraps at 2^16; the order of the writes is all the locking there is.
 */

void virtqueue_start(struct virtqueue *queue)
{
	/* the driver polls (2.7.7) */
	queue->avail.flags = VIRTQ_AVAIL_F_NO_INTERRUPT;
}

/* 2.7.13 Supplying Buffers to The Device */
void virtqueue_offer(struct virtqueue *queue, uint16_t id, const void *buffer, uint32_t length,
                     uint16_t flags)
{
	uint16_t idx = queue->avail.idx;

	/* memory is mapped one to one: without paging, a pointer is a physical address */
	queue->desc[id] = (struct virtq_desc){
		.addr = (uintptr_t)buffer,
		.len = length,
		.flags = flags,
	};
	queue->avail.ring[idx % VIRTQUEUE_SIZE] = id;
	memory_barrier();
	queue->avail.idx = (uint16_t)(idx + 1);
	memory_barrier();
}

/* 2.7.14 Receiving Used Buffers From The Device */
bool virtqueue_take(struct virtqueue *queue, uint16_t *id)
{
	if (queue->used.idx == queue->taken)
		return false;
	memory_barrier();
	*id = (uint16_t)queue->used.ring[queue->taken % VIRTQUEUE_SIZE].id;
	queue->taken++;
	return true;
}

bool virtqueue_idle(const struct virtqueue *queue)
{
	return queue->used.idx == queue->avail.idx;
}
