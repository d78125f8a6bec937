/* SPDX-License-Identifier: Apache-2.0 */
/* The address of a service manager's socket, in the forms of $NOTIFY_SOCKET, sd_notify(3). Pure functions. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/vm_sockets.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_vm vsock;
	};
	socklen_t length; /* exact: an abstract name has no NUL at its end */
};

/*
 * Parses "/path", "@abstract" or "vsock:CID:PORT". Returns 0 and sets *address; or a negative errno, and *reason becomes a
 * constant sentence that says what is wrong.
 */
int address_parse(const char *text, struct address *address, const char **reason);

/* Sets *address to a path, relative or absolute. Returns 0, or -ENAMETOOLONG if it does not fit into sun_path. */
int address_from_path(const char *path, struct address *address);

static inline bool address_is_local(const struct address *address)
{
	return address->any.sa_family == AF_UNIX;
}

#endif
