/* SPDX-License-Identifier: Apache-2.0 */
/* One vsock stream connection as the guest's kernel sees it, behind each kind of backend. */
#ifndef GUEST_SOCKET_H
#define GUEST_SOCKET_H

#include <stdbool.h>

enum backend_mode {
	MODE_CH52, /* cloud-hypervisor up to 52.0; Firecracker does the same */
	MODE_CH53, /* cloud-hypervisor from 53.0 on */
	MODE_VDV,  /* vhost-device-vsock */
	MODE_COUNT,
};

/* What the VMM has to do on the host's stream after something happened in the guest. */
enum vmm_step {
	VMM_NOTHING,
	VMM_HALF_CLOSE, /* shutdown(SHUT_WR) */
	VMM_CLOSE,
};

struct guest_socket {
	bool half_close_passes; /* the backend knows the two directions apart */
	bool rst_is_answered;   /* the VMM answers an RST of a connection that is gone by an RST */
	bool connected;         /* the kernel has not reset the connection */
	bool write_shut;        /* the process has called shutdown(SHUT_WR) */
	bool ended;             /* the host will send nothing more, and the process may know */
	bool has_data;          /* bytes came from the host */
};

/* The mode's name as --mode= takes it. */
const char *backend_mode_name(enum backend_mode mode);

struct guest_socket guest_socket_make(enum backend_mode mode);

/* The host shut down its write side, or @both sides, and the VMM's packet has arrived. */
enum vmm_step guest_socket_host_ended(struct guest_socket *guest, bool both);

/* The VMM gave the connection up: its read or write on the host's stream failed. */
void guest_socket_host_reset(struct guest_socket *guest);

/* Bytes came from the host. */
void guest_socket_host_data(struct guest_socket *guest);

/* send(): 0, or -EPIPE. */
int guest_socket_send(const struct guest_socket *guest);

/* shutdown(SHUT_WR), which never fails on a socket that was once connected. */
enum vmm_step guest_socket_shutdown(struct guest_socket *guest);

/* recv(): 1 for bytes, 0 for the end, -EAGAIN while it would block, or -ENOTCONN. */
int guest_socket_recv(const struct guest_socket *guest);

/*
 * Whether close() sends an RST for a connection that the VMM has forgotten, and the VMM answers it:
 * the answer hits the process that connects next, from the same port.
 */
bool guest_socket_leaves_rst(const struct guest_socket *guest);

/* close(), or the end of the process. */
enum vmm_step guest_socket_close(struct guest_socket *guest);

#endif
