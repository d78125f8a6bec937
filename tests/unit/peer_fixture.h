/* SPDX-License-Identifier: Apache-2.0 */
/* A listening socket, and clients of it that bind themselves to a name first, as a patched VMM does. */
#ifndef PEER_FIXTURE_H
#define PEER_FIXTURE_H

#include <stddef.h>
#include <sys/un.h>

#include "base/address.h"
#include "guest/peer.h"
#include "harness.h"

struct peer_server {
	struct address address;
	int fd;
};

static inline struct peer_server peer_server_open(const char *path)
{
	struct peer_server server = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};

	ck_assert_int_ge(server.fd, 0);
	ck_assert_int_eq(address_from_path(path, &server.address), 0);
	ck_assert_int_eq(bind(server.fd, &server.address.any, server.address.length), 0);
	ck_assert_int_eq(listen(server.fd, 8), 0);
	return server;
}

/* The name of the form of this process, for a guest's port. */
static inline const char *peer_own_name(uint32_t port)
{
	static char name[128];

	snprintf(name, sizeof(name), PEER_NAME_PREFIX "%d/3/%u/1234", getpid(), port);
	return name;
}

/* A socket bound to the length bytes of an abstract name; NULL: unnamed. */
static inline int peer_client(const char *name, size_t length)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	if (!name)
		return fd;
	ck_assert_uint_lt(length, sizeof(local.sun_path));
	memcpy(local.sun_path + 1, name, length);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&local,
	                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)),
	                 0);
	return fd;
}

/* Has client connect. Returns the server's end, nonblocking. */
static inline int peer_connect(const struct peer_server *server, int client)
{
	int accepted;

	ck_assert_int_eq(connect(client, &server->address.any, server->address.length), 0);
	accepted = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ck_assert_int_ge(accepted, 0);
	return accepted;
}

#endif
