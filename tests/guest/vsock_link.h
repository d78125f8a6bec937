/* SPDX-License-Identifier: Apache-2.0 */
/* Packets to and from the vsock device (virtio 1.2, section 5.10). */
#ifndef GUEST_VSOCK_LINK_H
#define GUEST_VSOCK_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* 5.10.6 Device Operation: the header of every packet */
struct virtio_vsock_hdr {
	uint64_t src_cid;
	uint64_t dst_cid;
	uint32_t src_port;
	uint32_t dst_port;
	uint32_t len;
	uint16_t type;
	uint16_t op;
	uint32_t flags;
	uint32_t buf_alloc;
	uint32_t fwd_cnt;
} __attribute__((packed));

#define VIRTIO_VSOCK_TYPE_STREAM 1

enum virtio_vsock_op {
	VIRTIO_VSOCK_OP_REQUEST = 1,
	VIRTIO_VSOCK_OP_RESPONSE = 2,
	VIRTIO_VSOCK_OP_RST = 3,
	VIRTIO_VSOCK_OP_SHUTDOWN = 4,
	VIRTIO_VSOCK_OP_RW = 5,
	VIRTIO_VSOCK_OP_CREDIT_UPDATE = 6,
	VIRTIO_VSOCK_OP_CREDIT_REQUEST = 7,
};

/* 5.10.6.6.1: what the sender of a SHUTDOWN will not do any more */
#define VIRTIO_VSOCK_SHUTDOWN_F_RECEIVE 1
#define VIRTIO_VSOCK_SHUTDOWN_F_SEND    2
#define VSOCK_SHUTDOWN_BOTH             (VIRTIO_VSOCK_SHUTDOWN_F_RECEIVE | VIRTIO_VSOCK_SHUTDOWN_F_SEND)

/* the most in one packet, either way: what Linux has room for when it receives */
#define VSOCK_PAYLOAD_MAX 4096

#define VMADDR_CID_HOST 2 /* 5.10.4: well-known CIDs */

/* brings the device up; false with *error set */
bool vsock_link_start(const char **error);

/* sends a packet; fills in the CIDs and the type */
void vsock_link_send(const struct virtio_vsock_hdr *hdr, const void *payload);

/* fetches the header of the next packet received, if there is one; its payload is dropped */
bool vsock_link_receive(struct virtio_vsock_hdr *hdr);

/* whether the device has seen all that was sent */
bool vsock_link_idle(void);

#endif
