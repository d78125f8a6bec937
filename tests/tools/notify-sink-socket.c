/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binds a unix datagram socket, prints what arrives, and answers barriers, as a service manager
 * does: the sender of BARRIER=1 waits until the pipe end that came with it is closed.
 */
#include "notify-sink-socket.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A real manager takes 4096 bytes; more is printed here, so that a test can see what was sent. */
#define DATAGRAM_MAX 65536
/* As many fds as one datagram can carry (SCM_MAX_FD). */
#define DATAGRAM_FDS 253

int64_t sink_clock_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/*
 * An abstract name's length is part of it: with a longer address it would be another name.
 * Returns the address length, or 0 if the name does not fit.
 */
static socklen_t make_address(const char *text, struct sockaddr_un *address)
{
	size_t length = strlen(text);
	size_t path_offset = offsetof(struct sockaddr_un, sun_path);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (length == 0 || length >= sizeof(address->sun_path))
		return 0;
	memcpy(address->sun_path, text, length);
	if (text[0] != '@')
		return path_offset + length + 1;
	address->sun_path[0] = '\0';
	return path_offset + length;
}

int sink_bind(struct sink *sink)
{
	struct sockaddr_un address;
	socklen_t length = make_address(sink->address, &address);
	int fd, error;

	if (length == 0) {
		fprintf(stderr, "notify-sink: socket '%s' has %zu bytes; use 1 to %zu\n",
		        sink->address, strlen(sink->address), sizeof(address.sun_path) - 1);
		return -EINVAL;
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0) {
		sink->fd = fd;
		return 0;
	}
	error = errno;
	fprintf(stderr, "notify-sink: cannot bind '%s': %s; %s\n", sink->address, strerror(error),
	        error == EADDRINUSE ? "remove it or choose another name"
	                            : "choose a place that exists and can be written");
	if (fd >= 0)
		close(fd);
	return -error;
}

static void print_escaped(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\n')
			fputs("\\n", stdout);
		else if (byte == '\t')
			fputs("\\t", stdout);
		else if (byte == '\\')
			fputs("\\\\", stdout);
		else if (byte < 0x20 || byte > 0x7e)
			printf("\\x%02x", byte);
		else
			putchar(byte);
	}
}

static void hold_or_answer(struct sink *sink, int fd)
{
	if (sink->hold_usec == 0) {
		close(fd);
		return;
	}
	if (sink->held_count == SINK_HELD_MAX) {
		fprintf(stderr, "notify-sink: more than %d barriers held; this one is answered\n",
		        SINK_HELD_MAX);
		close(fd);
		return;
	}
	sink->held[sink->held_count++] = (struct held_barrier){
		.fd = fd,
		.until_usec = sink_clock_usec() + sink->hold_usec,
	};
}

static void take_fds(struct sink *sink, struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t count;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			hold_or_answer(sink, fd);
		}
	}
}

/* Returns 1 after a datagram, 0 if there was none, or a negative errno. */
static int receive_one(struct sink *sink)
{
	static char bytes[DATAGRAM_MAX];
	static _Alignas(struct cmsghdr) char control[CMSG_SPACE(DATAGRAM_FDS * sizeof(int))];
	struct iovec part = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(sink->fd, &message, MSG_CMSG_CLOEXEC);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length < 0) {
		int error = errno;

		fprintf(stderr, "notify-sink: cannot read '%s': %s; start again\n", sink->address,
		        strerror(error));
		return -error;
	}
	sink->datagrams++;
	printf("%lld\t", (long long)(sink_clock_usec() - sink->start_usec));
	print_escaped(bytes, (size_t)length);
	putchar('\n');
	/* Only now: who waits for the barrier may rely on the line being there. */
	take_fds(sink, &message);
	return 1;
}

int sink_drain(struct sink *sink, unsigned int limit)
{
	int got = 1;

	for (unsigned int i = 0; i < limit && got > 0; i++)
		got = receive_one(sink);
	return got < 0 ? got : 0;
}

int sink_unbind(struct sink *sink)
{
	int status = 0;
	int waiting; /* bytes of the next datagram */

	if (sink->fd < 0)
		return 0;
	/* First the name, so that nothing more is queued behind what is drained. */
	if (sink->address[0] != '@')
		unlink(sink->address);
	/* A sender that has looked up the name before it went must be refused, not queued and lost. */
	shutdown(sink->fd, SHUT_RD);
	while (status == 0 && ioctl(sink->fd, FIONREAD, &waiting) == 0 && waiting > 0)
		status = sink_drain(sink, 1);
	close(sink->fd);
	sink->fd = -1;
	return status;
}

int64_t sink_answer_due(struct sink *sink)
{
	int64_t now = sink_clock_usec();
	int64_t next = SINK_NEVER;
	unsigned int kept = 0;

	for (unsigned int i = 0; i < sink->held_count; i++) {
		if (sink->held[i].until_usec <= now) {
			close(sink->held[i].fd);
			continue;
		}
		if (sink->held[i].until_usec < next)
			next = sink->held[i].until_usec;
		sink->held[kept++] = sink->held[i];
	}
	sink->held_count = kept;
	return next;
}
