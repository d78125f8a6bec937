/* SPDX-License-Identifier: Apache-2.0 */
/* One datagram to the host's service manager (theory: manager_socket.h). */
#include "manager_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/macros.h"

static void answered(struct manager_socket *socket, int result)
{
	manager_socket_cancel(socket);
	socket->answer(socket, result);
}

static const char *obstacle_in_path(const char *path)
{
	struct stat file;

	if (stat(path, &file) < 0)
		return errno == ENOTDIR || errno == ELOOP ? strerror(errno) : NULL;
	if (S_ISDIR(file.st_mode))
		return "it is a directory";
	return S_ISSOCK(file.st_mode) ? NULL : "it is no socket";
}

const char *manager_socket_obstacle(const struct address *address)
{
	const char *path = address->local.sun_path;
	const char *obstacle;
	CLEANUP_FD int fd = -1;

	/* An abstract name can have a socket of each type. */
	if (!address_is_local(address) || !*path)
		return NULL;
	obstacle = obstacle_in_path(path);
	if (obstacle)
		return obstacle;
	/* The receiver does not see that a datagram socket is connected to it. */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, &address->any, address->length) == 0 || errno != EPROTOTYPE)
		return NULL;
	return "it is a stream socket, or one of another type that takes no datagrams";
}

int manager_socket_init(struct manager_socket *manager, struct loop *loop,
                        const struct address *address)
{
	*manager = (struct manager_socket){.loop = loop, .address = *address, .fd = -1};
	if (!address_is_local(address))
		return 0;
	manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return manager->fd < 0 ? -errno : 0;
}

void manager_socket_deinit(struct manager_socket *manager)
{
	manager_socket_cancel(manager);
	close_fd(&manager->fd);
}

void manager_socket_cancel(struct manager_socket *manager)
{
	loop_fd_remove(manager->loop, &manager->source);
	if (!address_is_local(&manager->address))
		close_fd(&manager->fd);
}

static void room_event(struct loop_fd *source)
{
	answered(container_of(source, struct manager_socket, source), -EAGAIN);
}

/* The receiver's queue is full: has answer called when it may have room. */
static int await_room(struct manager_socket *manager)
{
	int r;

	if (connect(manager->fd, &manager->address.any, manager->address.length) < 0)
		return -errno;
	manager->source.callback = room_event;
	r = loop_fd_add(manager->loop, &manager->source, manager->fd, EPOLLOUT);
	return r < 0 ? r : -EINPROGRESS;
}

static int send_local(struct manager_socket *manager, const char *text, size_t length, int pass_fd)
{
	struct iovec part = {.iov_base = (void *)(uintptr_t)text, .iov_len = length};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr message = {
		.msg_name = &manager->address.any,
		.msg_namelen = manager->address.length,
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
	if (sendmsg(manager->fd, &message, MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno != EAGAIN)
		return -errno;
	return await_room(manager);
}

/* The connection has been made, or has failed. */
static void vsock_connected(struct manager_socket *manager)
{
	int error = 0;
	socklen_t error_size = sizeof(error);

	if (getsockopt(manager->fd, SOL_SOCKET, SO_ERROR, &error, &error_size) < 0)
		error = errno;
	if (error == 0 && send(manager->fd, manager->text, manager->length, MSG_NOSIGNAL) < 0)
		error = errno;
	if (error == EAGAIN)
		return;
	if (error) {
		answered(manager, -error);
		return;
	}
	manager->sent = true;
	shutdown(manager->fd, SHUT_WR);
	loop_fd_remove(manager->loop, &manager->source);
	error = loop_fd_add(manager->loop, &manager->source, manager->fd, EPOLLIN | EPOLLRDHUP);
	if (error < 0)
		answered(manager, error);
}

/* The receiver has ended the connection. After an end of file it has read everything, after a reset it has not. */
static void vsock_ended(struct manager_socket *manager)
{
	char byte;
	ssize_t n = recv(manager->fd, &byte, sizeof(byte), 0);

	if (n < 0 && errno == EAGAIN)
		return;
	answered(manager, n < 0 ? -errno : 0);
}

static void vsock_event(struct loop_fd *source)
{
	struct manager_socket *manager = container_of(source, struct manager_socket, source);

	if (manager->sent)
		vsock_ended(manager);
	else
		vsock_connected(manager);
}

/*
 * Receivers take notifications only from source ports below 1024, as a sign that the sender is privileged
 * (systemd pull request 25918). Without the privilege we send from any port.
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

static int send_vsock(struct manager_socket *manager, const char *text, size_t length)
{
	int r;

	manager->fd = socket(AF_VSOCK, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (manager->fd < 0)
		return -errno;
	bind_privileged_port(manager->fd);
	manager->sent = false;
	manager->text = text;
	manager->length = length;
	manager->source.callback = vsock_event;
	if (connect(manager->fd, &manager->address.any, manager->address.length) < 0 &&
	    errno != EINPROGRESS)
		r = -errno;
	else
		r = loop_fd_add(manager->loop, &manager->source, manager->fd, EPOLLOUT);
	if (r == 0)
		return -EINPROGRESS;
	manager_socket_cancel(manager);
	return r;
}

int manager_socket_send(struct manager_socket *manager, const char *text, size_t length,
                        int pass_fd)
{
	manager_socket_cancel(manager);
	if (address_is_local(&manager->address))
		return send_local(manager, text, length, pass_fd);
	return send_vsock(manager, text, length);
}
