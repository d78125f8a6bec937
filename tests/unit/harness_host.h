/* SPDX-License-Identifier: Apache-2.0 */
/* The host's service manager as far as it is a unix datagram socket: bound, read, filled, taken away. */
#ifndef HARNESS_HOST_H
#define HARNESS_HOST_H

#include <check.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"

static inline struct address harness_address(const char *text)
{
	struct address address;
	const char *reason;

	ck_assert_int_eq(address_parse(text, &address, &reason), 0);
	return address;
}

/* A nonblocking socket bound to the address. */
static inline int harness_host(const struct address *address)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, &address->any, address->length), 0);
	return fd;
}

/*
 * Reads one datagram; "" where there is none. The descriptor that came with it goes to *passed_fd,
 * -1 where none did; NULL: none must have.
 */
static inline const char *harness_read(int fd, int *passed_fd)
{
	static char text[8192];
	struct iovec part = {.iov_base = text, .iov_len = sizeof(text) - 1};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = n < 0 ? NULL : CMSG_FIRSTHDR(&message);

	if (passed_fd)
		*passed_fd = -1;
	if (header) {
		ck_assert_ptr_nonnull(passed_fd);
		ck_assert_int_eq(header->cmsg_type, SCM_RIGHTS);
		ck_assert_uint_eq(header->cmsg_len, CMSG_LEN(sizeof(int)));
		memcpy(passed_fd, CMSG_DATA(header), sizeof(int));
	}
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

/* Fills the queue at address by somebody else's socket. Returns how many datagrams "full" went in. */
static inline unsigned harness_fill(const struct address *address)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unsigned count = 0;

	while (sendto(fd, "full", 4, 0, &address->any, address->length) == 4)
		count++;
	close(fd);
	ck_assert_uint_gt(count, 0);
	return count;
}

#endif
