/* SPDX-License-Identifier: Apache-2.0 */
/* Stream connections to the host over vsock. */
#ifndef GUEST_VSOCK_H
#define GUEST_VSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vsock_state {
	VSOCK_FREE,       /* not in use */
	VSOCK_CONNECTING, /* asked, no answer yet */
	VSOCK_CONNECTED,
	VSOCK_CLOSING, /* released by its owner, not answered by the host yet */
	VSOCK_REFUSED, /* reset by the host before it was connected */
	VSOCK_CLOSED,  /* ended by the host, in both directions */
};

/* to be read by the owner, written by vsock.c only */
struct vsock_conn {
	enum vsock_state state;
	uint32_t local_port;
	uint32_t remote_port;
	uint32_t peer_shutdown; /* the flags of the host's SHUTDOWNs */
	uint64_t ended_usec;    /* when the host's end of data was seen */

	/* flow control, 5.10.6.3: counts of bytes, which wrap */
	uint32_t sent;
	uint32_t received;
	uint32_t read; /* by the program, of those received */
	uint32_t peer_buf_alloc;
	uint32_t peer_fwd_cnt;
	bool credit_requested;
};

/*
 * begins a connection to the host's port. from: the guest's own port, or the next lower one that is
 * free; 0: another privileged port each time. NULL if too many are open.
 */
struct vsock_conn *vsock_connect(uint32_t port, uint32_t from);

/* handles all packets that have arrived */
void vsock_poll(void);

/* sends as much as one packet and the host's buffer have room for; returns how much, maybe 0 */
size_t vsock_send(struct vsock_conn *conn, const void *data, size_t length);

/* says that no more data will be sent */
void vsock_shutdown_send(struct vsock_conn *conn);

/* whether the host has ended its direction, or both */
bool vsock_ended(const struct vsock_conn *conn);

/* whether the host still takes data */
bool vsock_takes_data(const struct vsock_conn *conn);

/* reads one byte from the host; false if none has come */
bool vsock_read_byte(struct vsock_conn *conn);

/* end the use of a connection, as close(2) does and by a reset */
void vsock_close(struct vsock_conn *conn);
void vsock_reset(struct vsock_conn *conn);

#endif
