/* SPDX-License-Identifier: Apache-2.0 */
/* The file that a unix socket is bound to, by one question over netlink (see socket_file.h). */
#include "socket_file.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

#include "fd.h"

/* Linux, include/linux/kdev_t.h, MINORBITS: how the kernel writes a device's number. */
#define KERNEL_MINOR_BITS 20

struct question {
	struct nlmsghdr header;
	struct unix_diag_req request;
};

union answer {
	struct nlmsghdr header;
	char bytes[1024];
};

static bool ask(int fd, uint32_t socket)
{
	const struct question question = {
		.header = {.nlmsg_len = sizeof(question),
	                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
	                   .nlmsg_flags = NLM_F_REQUEST},
		.request = {.sdiag_family = AF_UNIX,
	                    .udiag_states = UINT32_MAX,
	                    .udiag_ino = socket,
	                    .udiag_show = UDIAG_SHOW_VFS,
	                    .udiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}},
	};

	return send(fd, &question, sizeof(question), MSG_NOSIGNAL) == sizeof(question);
}

/* The kernel's numbers have 32 bits. */
static bool is_same(const struct unix_diag_vfs *bound, const struct stat *file)
{
	dev_t device = makedev(bound->udiag_vfs_dev >> KERNEL_MINOR_BITS,
	                       bound->udiag_vfs_dev & ((1u << KERNEL_MINOR_BITS) - 1));

	return device == file->st_dev && bound->udiag_vfs_ino == (uint32_t)file->st_ino;
}

static bool says_so(struct nlmsghdr *header, size_t length, const struct stat *file)
{
	struct unix_diag_msg *message = NLMSG_DATA(header);
	struct rtattr *attribute = (struct rtattr *)(message + 1);
	unsigned left;

	if (!NLMSG_OK(header, length) || header->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof(*message)))
		return false;
	left = (unsigned)NLMSG_PAYLOAD(header, sizeof(*message));
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == UNIX_DIAG_VFS)
			return is_same(RTA_DATA(attribute), file);
	return false;
}

bool socket_is_bound_to(uint32_t socket_inode, const struct stat *file)
{
	CLEANUP_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	union answer answer;
	ssize_t length;

	if (fd < 0 || !ask(fd, socket_inode))
		return false;
	/* The kernel has answered before send(2) returned. */
	length = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);
	return length > 0 && says_so(&answer.header, (size_t)length, file);
}
