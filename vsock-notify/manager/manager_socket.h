/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends one datagram to the host's service manager, at the socket that $NOTIFY_SOCKET names.
 *
 * A unix socket is looked up by name at every send, so a manager that was started anew is found at once. When the
 * receiver's queue is full, our socket is also connected, because EPOLLOUT tells only of a connected socket when the
 * receiver has room (unix(7) does not say so; the kernel's unix_dgram_poll() does it, and tests/unit/test_manager_socket.c
 * fails if it stops).
 *
 * A vsock address (sd_notify(3) documents this form for a service manager outside of a VM) needs one SOCK_SEQPACKET
 * connection for each datagram, because virtio has no vsock datagrams: connect, send, shut down, and wait until the
 * receiver ends the connection.
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
	bool sent; /* vsock: the datagram has been sent, and the receiver has not ended the connection */
	const char *text;
	size_t length;
	/*
	 * Called from the loop with the result of a send that returned -EINPROGRESS: 0, the datagram has been
	 * taken; -EAGAIN, there may be room now, send again; any other negative errno, it was not taken.
	 */
	void (*answer)(struct manager_socket *socket, int result);
};

/*
 * Why no datagram can ever go to what is at the address now, as half a sentence: it is a socket of another type, or no
 * socket. NULL if it can, or if nobody is there, because a service manager may come.
 */
const char *manager_socket_obstacle(const struct address *address);

/* Returns 0 or a negative errno. The caller sets answer before the first send. */
int manager_socket_init(struct manager_socket *socket, struct loop *loop,
                        const struct address *address);
void manager_socket_deinit(struct manager_socket *socket);

/*
 * Sends one datagram, with pass_fd attached unless it is -1 (unix only). Returns 0 if it has been taken; -EINPROGRESS if
 * answer will be called (text must stay valid until then); or another negative errno if it was not taken.
 */
int manager_socket_send(struct manager_socket *socket, const char *text, size_t length,
                        int pass_fd);

/* Ends the wait for an answer: answer is not called. */
void manager_socket_cancel(struct manager_socket *socket);

#endif
