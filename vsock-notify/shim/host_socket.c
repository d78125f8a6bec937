/* SPDX-License-Identifier: Apache-2.0 */
/* One datagram to the host's service manager (theory: host_socket.h). */
#include "host_socket.h"

#include <errno.h>
#include <string.h>

#include "util.h"

static void answered(struct host_socket *socket, int result)
{
	host_socket_cancel(socket);
	socket->answer(socket, result);
}

int host_socket_init(struct host_socket *host, struct loop *loop, const struct address *address)
{
	*host = (struct host_socket){.loop = loop, .address = *address, .fd = -1};
	if (!address_is_local(address))
		return 0;
	host->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return host->fd < 0 ? -errno : 0;
}

void host_socket_deinit(struct host_socket *host)
{
	host_socket_cancel(host);
	close_fd(&host->fd);
}

void host_socket_cancel(struct host_socket *host)
{
	loop_fd_remove(host->loop, &host->source);
	if (!address_is_local(&host->address))
		close_fd(&host->fd);
}

static void room_event(struct loop_fd *source, uint32_t events)
{
	(void)events;
	answered(container_of(source, struct host_socket, source), -EAGAIN);
}

/* Has answer called when the receiver, whose queue is full, may have room. */
static int await_room(struct host_socket *host)
{
	int r;

	if (connect(host->fd, &host->address.any, host->address.length) < 0)
		return -errno;
	host->source.callback = room_event;
	r = loop_fd_add(host->loop, &host->source, host->fd, EPOLLOUT);
	return r < 0 ? r : -EINPROGRESS;
}

static int send_local(struct host_socket *host, const char *text, size_t length, int pass_fd)
{
	struct iovec part = {.iov_base = (void *)(uintptr_t)text, .iov_len = length};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr message = {
		.msg_name = &host->address.any,
		.msg_namelen = host->address.length,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};

	if (pass_fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &pass_fd, sizeof(int));
	}
	if (sendmsg(host->fd, &message, MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno != EAGAIN)
		return -errno;
	return await_room(host);
}

/* The connection has been made, or has failed. */
static void vsock_connected(struct host_socket *host)
{
	int error = 0;
	socklen_t error_size = sizeof(error);

	if (getsockopt(host->fd, SOL_SOCKET, SO_ERROR, &error, &error_size) < 0)
		error = errno;
	if (error == 0 && send(host->fd, host->text, host->length, MSG_NOSIGNAL) < 0)
		error = errno;
	if (error == EAGAIN)
		return;
	if (error) {
		answered(host, -error);
		return;
	}
	host->sent = true;
	shutdown(host->fd, SHUT_WR);
	loop_fd_remove(host->loop, &host->source);
	error = loop_fd_add(host->loop, &host->source, host->fd, EPOLLIN | EPOLLRDHUP);
	if (error < 0)
		answered(host, error);
}

/* The receiver has ended the connection: at end of file it has read it all, reset it has not. */
static void vsock_ended(struct host_socket *host)
{
	char byte;
	ssize_t n = recv(host->fd, &byte, sizeof(byte), 0);

	if (n < 0 && errno == EAGAIN)
		return;
	answered(host, n < 0 ? -errno : 0);
}

static void vsock_event(struct loop_fd *source, uint32_t events)
{
	struct host_socket *host = container_of(source, struct host_socket, source);

	(void)events;
	if (host->sent)
		vsock_ended(host);
	else
		vsock_connected(host);
}

/*
 * Receivers take notifications from source ports below 1024 only, as a sign that the sender is
 * privileged (systemd pull request 25918). Without the privilege any port will have to do.
 */
static void bind_privileged_port(int fd)
{
	struct sockaddr_vm local = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY};

	for (unsigned port = 1023; port > 0; port--) {
		local.svm_port = port;
		if (bind(fd, (struct sockaddr *)&local, sizeof(local)) == 0 || errno != EADDRINUSE)
			return;
	}
}

static int send_vsock(struct host_socket *host, const char *text, size_t length)
{
	int r;

	host->fd = socket(AF_VSOCK, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (host->fd < 0)
		return -errno;
	bind_privileged_port(host->fd);
	host->sent = false;
	host->text = text;
	host->length = length;
	host->source.callback = vsock_event;
	if (connect(host->fd, &host->address.any, host->address.length) < 0 && errno != EINPROGRESS)
		r = -errno;
	else
		r = loop_fd_add(host->loop, &host->source, host->fd, EPOLLOUT);
	if (r == 0)
		return -EINPROGRESS;
	host_socket_cancel(host);
	return r;
}

int host_socket_send(struct host_socket *host, const char *text, size_t length, int pass_fd)
{
	host_socket_cancel(host);
	if (address_is_local(&host->address))
		return send_local(host, text, length, pass_fd);
	return send_vsock(host, text, length);
}
