/* SPDX-License-Identifier: Apache-2.0 */
/* Stream connections to the host over vsock. */
#include "vsock.h"

#include "clock.h"
#include "vsock_link.h"

/*
 * What Linux's AF_VSOCK does (net/vmw_vsock/virtio_transport_common.c), as far as a client can tell
 * that sends and reads a byte at most. Each side says by SHUTDOWN what it is done with.
 *
 *   the host is done with both     nothing is unread: Linux resets the connection at once
 *                                  bytes are unread: it does not, so that they can be read
 *   close(), the host is done      Linux sends a reset, for the second time if nothing was unread;
 *   with both, or has reset        the port is free
 *   close(), otherwise             Linux says SHUTDOWN of both; the port is free when the host has
 *                                  answered by a reset
 *   the host resets while          connect() fails with ECONNRESET; close() sends nothing
 *   Linux connects
 *
 * A host has forgotten the connection when the second reset comes. If it answers, and the guest has
 * connected again from the same port, the answer resets the new connection.
 */

#define CONNECTIONS   128
#define BUF_ALLOC     (256 * 1024) /* Linux's default receive buffer */
#define PORT_RESERVED 1024         /* the ports below are for privileged programs, as PID 1 is */

static struct vsock_conn connections[CONNECTIONS];
static uint32_t last_port = PORT_RESERVED;

static void send_packet(struct vsock_conn *conn, enum virtio_vsock_op op, uint32_t flags,
                        const void *data, uint32_t length)
{
	struct virtio_vsock_hdr hdr = {
		.src_port = conn->local_port,
		.dst_port = conn->remote_port,
		.len = length,
		.op = (uint16_t)op,
		.flags = flags,
		.buf_alloc = BUF_ALLOC,
		.fwd_cnt = conn->read,
	};

	vsock_link_send(&hdr, data);
}

static void send_control(struct vsock_conn *conn, enum virtio_vsock_op op, uint32_t flags)
{
	send_packet(conn, op, flags, NULL, 0);
}

/* 5.10.6.6: a packet for no connection is answered by a reset, unless it is one */
static void answer_stray(const struct virtio_vsock_hdr *hdr)
{
	struct vsock_conn none = {
		.local_port = hdr->dst_port,
		.remote_port = hdr->src_port,
	};

	if (hdr->op != VIRTIO_VSOCK_OP_RST)
		send_control(&none, VIRTIO_VSOCK_OP_RST, 0);
}

static struct vsock_conn *find_connection(const struct virtio_vsock_hdr *hdr)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		struct vsock_conn *conn = &connections[i];
		bool live = conn->state == VSOCK_CONNECTING || conn->state == VSOCK_CONNECTED ||
		            conn->state == VSOCK_CLOSING;

		if (live && conn->local_port == hdr->dst_port && conn->remote_port == hdr->src_port)
			return conn;
	}
	return NULL;
}

/* A released connection is free as soon as the host has ended it. The owner sees that others ended. */
static void end_connection(struct vsock_conn *conn)
{
	if (!vsock_ended(conn))
		conn->ended_usec = clock_usec();
	if (conn->state == VSOCK_CLOSING)
		conn->state = VSOCK_FREE;
	else
		conn->state = conn->state == VSOCK_CONNECTING ? VSOCK_REFUSED : VSOCK_CLOSED;
}

static bool has_unread(const struct vsock_conn *conn)
{
	return conn->received != conn->read;
}

static void take_shutdown(struct vsock_conn *conn, uint32_t flags)
{
	if (!vsock_ended(conn) && (flags & VIRTIO_VSOCK_SHUTDOWN_F_SEND))
		conn->ended_usec = clock_usec();
	conn->peer_shutdown |= flags;
	if (conn->peer_shutdown == VSOCK_SHUTDOWN_BOTH && !has_unread(conn)) {
		send_control(conn, VIRTIO_VSOCK_OP_RST, 0);
		end_connection(conn);
	}
}

static void take_packet(struct vsock_conn *conn, const struct virtio_vsock_hdr *hdr)
{
	conn->peer_buf_alloc = hdr->buf_alloc;
	conn->peer_fwd_cnt = hdr->fwd_cnt;
	conn->credit_requested = false;

	switch (hdr->op) {
	case VIRTIO_VSOCK_OP_RESPONSE:
		if (conn->state == VSOCK_CONNECTING)
			conn->state = VSOCK_CONNECTED;
		break;
	case VIRTIO_VSOCK_OP_RST:
		end_connection(conn);
		break;
	case VIRTIO_VSOCK_OP_SHUTDOWN:
		take_shutdown(conn, hdr->flags);
		break;
	case VIRTIO_VSOCK_OP_RW:
		conn->received += hdr->len;
		break;
	case VIRTIO_VSOCK_OP_CREDIT_REQUEST:
		send_control(conn, VIRTIO_VSOCK_OP_CREDIT_UPDATE, 0);
		break;
	default:
		break;
	}
}

void vsock_poll(void)
{
	struct virtio_vsock_hdr hdr;

	while (vsock_link_receive(&hdr)) {
		struct vsock_conn *conn = find_connection(&hdr);

		if (conn)
			take_packet(conn, &hdr);
		else
			answer_stray(&hdr);
	}
}

/* As Linux after some seconds, a close that the host has not answered is forgotten when need be. */
static struct vsock_conn *free_connection(void)
{
	struct vsock_conn *closing = NULL;

	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (connections[i].state == VSOCK_FREE)
			return &connections[i];
		if (connections[i].state == VSOCK_CLOSING)
			closing = &connections[i];
	}
	if (closing)
		vsock_reset(closing);
	return closing;
}

static bool port_in_use(uint32_t port)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (connections[i].state != VSOCK_FREE && connections[i].local_port == port)
			return true;
	}
	return false;
}

struct vsock_conn *vsock_connect(uint32_t port, uint32_t from)
{
	struct vsock_conn *conn = free_connection();

	if (!conn)
		return NULL;
	while (from != 0 && port_in_use(from))
		from--;
	if (from == 0)
		from = last_port = last_port == 1 ? PORT_RESERVED - 1 : last_port - 1;
	*conn = (struct vsock_conn){
		.state = VSOCK_CONNECTING,
		.local_port = from,
		.remote_port = port,
	};
	send_control(conn, VIRTIO_VSOCK_OP_REQUEST, 0);
	return conn;
}

size_t vsock_send(struct vsock_conn *conn, const void *data, size_t length)
{
	uint32_t unread = conn->sent - conn->peer_fwd_cnt;
	uint32_t credit = conn->peer_buf_alloc > unread ? conn->peer_buf_alloc - unread : 0;

	if (length > VSOCK_PAYLOAD_MAX)
		length = VSOCK_PAYLOAD_MAX;
	if (length > credit)
		length = credit;
	if (length > 0) {
		send_packet(conn, VIRTIO_VSOCK_OP_RW, 0, data, (uint32_t)length);
		conn->sent += (uint32_t)length;
	} else if (!conn->credit_requested) {
		send_control(conn, VIRTIO_VSOCK_OP_CREDIT_REQUEST, 0);
		conn->credit_requested = true;
	}
	return length;
}

void vsock_shutdown_send(struct vsock_conn *conn)
{
	send_control(conn, VIRTIO_VSOCK_OP_SHUTDOWN, VIRTIO_VSOCK_SHUTDOWN_F_SEND);
}

bool vsock_ended(const struct vsock_conn *conn)
{
	return conn->state == VSOCK_REFUSED || conn->state == VSOCK_CLOSED ||
	       (conn->peer_shutdown & VIRTIO_VSOCK_SHUTDOWN_F_SEND);
}

bool vsock_takes_data(const struct vsock_conn *conn)
{
	return conn->state == VSOCK_CONNECTED &&
	       !(conn->peer_shutdown & VIRTIO_VSOCK_SHUTDOWN_F_RECEIVE);
}

bool vsock_read_byte(struct vsock_conn *conn)
{
	if (!has_unread(conn))
		return false;
	conn->read++;
	return true;
}

void vsock_close(struct vsock_conn *conn)
{
	bool connected = conn->state == VSOCK_CONNECTED;

	if (connected && conn->peer_shutdown != VSOCK_SHUTDOWN_BOTH) {
		send_control(conn, VIRTIO_VSOCK_OP_SHUTDOWN, VSOCK_SHUTDOWN_BOTH);
		conn->state = VSOCK_CLOSING;
		return;
	}
	if (connected || conn->state == VSOCK_CLOSED)
		send_control(conn, VIRTIO_VSOCK_OP_RST, 0);
	conn->state = VSOCK_FREE;
}

void vsock_reset(struct vsock_conn *conn)
{
	if (conn->state == VSOCK_CONNECTED || conn->state == VSOCK_CLOSING)
		send_control(conn, VIRTIO_VSOCK_OP_RST, 0);
	conn->state = VSOCK_FREE;
}
