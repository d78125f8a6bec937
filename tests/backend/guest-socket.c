/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One vsock stream connection as the guest's kernel sees it, behind each kind of backend.
 *
 * Theory
 * ------
 * A vsock connection has two halves, and a SHUTDOWN packet says which of them its sender gives up:
 * SEND (I will send no more), RCV (I will take no more), or both. A hybrid-vsock VMM has a unix
 * stream on its other side and translates. The backends differ in how much survives:
 *
 *   guest: shutdown(SHUT_WR)		 ch52, vdv: nothing happens on the host's stream
 *					 ch53:	    shutdown(SHUT_WR) on the host's stream
 *   host: shutdown(SHUT_WR)		 ch52, vdv: SHUTDOWN(SEND and RCV)
 *					 ch53:	    SHUTDOWN(SEND)
 *   host: close			 all:	    SHUTDOWN(SEND and RCV)
 *
 * After SHUTDOWN(SEND) the guest's recv() returns 0, and that is all: it may go on sending, shut
 * down and close when it likes. After SHUTDOWN of both, Linux at once answers with a reset, by
 * which the VMM closes the host's stream (the host reads EOF), and marks the socket as done. Then
 *
 *   recv() after a shutdown() that came before the mark	returns 0: all is well;
 *   shutdown() after the mark	takes the mark away again, and the recv() behind it finds a socket
 *			that is neither connected nor done: ENOTCONN;
 *   send()		fails with EPIPE.
 *
 * (net/vmw_vsock/af_vsock.c, vsock_shutdown() and vsock_connectible_recvmsg().) sd_notify() calls
 * send(), shutdown(), recv(): a host that answers between the first two makes it fail although its
 * message arrived. That is what this model is here to show.
 *
 * If the host sent bytes that the process has not read, Linux does not answer the SHUTDOWN of both:
 * recv() returns the bytes, and close() sends the reset.
 *
 * If Linux has answered, close() sends a second reset, for a connection that the VMM has forgotten.
 * cloud-hypervisor up to 53.0 and Firecracker answer it by a reset of their own. sd_notify() binds
 * port 1023, so the next connection comes from the same port and is reset by that answer: the VMM
 * has connected to the host already, and the host sees a connection that ends without a byte.
 * (net/vmw_vsock/virtio_transport_common.c, virtio_transport_recv_connected() and
 * virtio_transport_close().) vhost-device-vsock drops resets of unknown connections.
 *
 * The model takes no time and does no I/O: its caller says when things happen, and the model returns
 * what the VMM has to do on the host's stream.
 */
#include "guest-socket.h"

#include <errno.h>

static const struct {
	const char *name;
	bool half_close_passes;
	bool rst_is_answered;
} modes[MODE_COUNT] = {
	[MODE_CH52] = {"ch52", false, true},
	[MODE_CH53] = {"ch53", true, true},
	[MODE_VDV] = {"vdv", false, false},
};

const char *backend_mode_name(enum backend_mode mode)
{
	return modes[mode].name;
}

struct guest_socket guest_socket_make(enum backend_mode mode)
{
	return (struct guest_socket){
		.half_close_passes = modes[mode].half_close_passes,
		.rst_is_answered = modes[mode].rst_is_answered,
		.connected = true,
	};
}

enum vmm_step guest_socket_host_ended(struct guest_socket *guest, bool both)
{
	if (!guest->connected)
		return VMM_NOTHING;
	guest->ended = true;
	if ((guest->half_close_passes && !both) || guest->has_data)
		return VMM_NOTHING;
	guest->connected = false;
	return VMM_CLOSE;
}

void guest_socket_host_reset(struct guest_socket *guest)
{
	guest->connected = false;
	guest->ended = true;
}

void guest_socket_host_data(struct guest_socket *guest)
{
	guest->has_data = true;
}

int guest_socket_send(const struct guest_socket *guest)
{
	bool takes = guest->half_close_passes || !guest->ended;

	return guest->connected && !guest->write_shut && takes ? 0 : -EPIPE;
}

enum vmm_step guest_socket_shutdown(struct guest_socket *guest)
{
	guest->write_shut = true;
	if (guest->connected)
		return guest->half_close_passes ? VMM_HALF_CLOSE : VMM_NOTHING;
	guest->ended = false;
	return VMM_NOTHING;
}

int guest_socket_recv(const struct guest_socket *guest)
{
	if (guest->has_data)
		return 1;
	if (guest->ended)
		return 0;
	return guest->connected ? -EAGAIN : -ENOTCONN;
}

bool guest_socket_leaves_rst(const struct guest_socket *guest)
{
	bool both_shut = guest->ended && guest->write_shut;

	if (!guest->rst_is_answered)
		return false;
	return !guest->connected || (both_shut && !guest->has_data);
}

enum vmm_step guest_socket_close(struct guest_socket *guest)
{
	bool was_connected = guest->connected;

	guest->connected = false;
	return was_connected ? VMM_CLOSE : VMM_NOTHING;
}
