/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One datagram to the host's service manager: the socket that $NOTIFY_SOCKET names.
 *
 * A unix socket is looked up by name at every send, so that a manager that has been started anew is
 * found at once. When its queue is full, the socket is also connected, because only then does
 * EPOLLOUT tell when the receiver has room (unix(7) does not say so; the kernel's unix_dgram_poll
 * does, and tests/unit/test_host_socket.c notices if it stops).
 *
 * A vsock address (the form that sd_notify(3) documents for a service manager outside of a VM)
 * takes one SOCK_SEQPACKET connection a datagram, as virtio has no vsock datagrams: connect, send,
 * shut down, and wait for the receiver's end.
 */
#ifndef MANAGER_SOCKET_H
#define MANAGER_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address.h"
#include "base/loop.h"

struct manager_socket {
	struct loop *loop;
	struct address address;
	int fd;
	struct loop_fd source;
	bool sent; /* vsock: the datagram is out, the receiver's end is awaited */
	const char *text;
	size_t length;
	/*
	 * The answer to a send that could not be answered at once: 0, the datagram has been taken;
	 * -EAGAIN, there may be room now, send again; any other negative errno, it was not taken.
	 * Called from the loop.
	 */
	void (*answer)(struct manager_socket *socket, int result);
};

/* Returns 0 or a negative errno. answer is to be set by the caller, before the first send. */
int manager_socket_init(struct manager_socket *socket, struct loop *loop,
                        const struct address *address);
void manager_socket_deinit(struct manager_socket *socket);

/*
 * Sends one datagram, with pass_fd attached unless it is -1 (unix only). Returns 0 where it has
 * been taken; -EINPROGRESS where answer will be called (text must stay valid until then); or another
 * negative errno where it was not taken.
 */
int manager_socket_send(struct manager_socket *socket, const char *text, size_t length,
                        int pass_fd);

/* Whether the datagram is out and only the receiver's end is awaited (vsock). */
static inline bool manager_socket_has_sent(const struct manager_socket *manager)
{
	return manager->source.added && manager->sent;
}

/* Withdraws what answer is still to be called for. */
void manager_socket_cancel(struct manager_socket *socket);

#endif
