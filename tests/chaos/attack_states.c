/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that go away at each point of the shim's state machine (guest/connection.h), in each way
 * that there is to go. Each is a process of its own: so it can be killed, and to the shim it is another
 * backend, about which nothing has been learned. All of a round are under way at once.
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE "STATUS=going"
#define BARRIER "BARRIER=1"

/* How long one process looks whether the shim has read, in all. The host may be away. */
#define READ_USEC 2000000

/*
 * What comes before the end:
 *   b  a byte                     s  the sending side is shut down
 *   m  a message                  r  waits until the shim has read all
 *   B  BARRIER=1                  e  waits until the shim has shut down its side
 *   o  more than a message holds  O  a byte out of band
 *   p  a descriptor comes along: it must not stay in the shim
 */
static const char *const points[] = {
	"",   "b",   "br", "m",    "mr",  "s", "bs", "ms", "msr", "me",  "mem", "mebs", "B",   "Br",
	"Bs", "Bsr", "Bm", "Brmr", "Brb", "o", "or", "os", "O",   "mOs", "p",   "pms",  "mpr",
};

enum way {
	CLOSE,
	SHUT_BOTH,    /* nothing can be sent or received any more */
	SHUT_RECEIVE, /* the shim's shutdown finds nobody */
	KILL,         /* the process goes, and its descriptors after it */
	WAYS
};

#define POINT_COUNT (sizeof(points) / sizeof(points[0]))

static void send_text(int fd, const char *text)
{
	send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void send_too_much(int fd)
{
	char bytes[8192];

	memset(bytes, 'o', sizeof(bytes));
	send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
}

static void send_descriptor(int fd)
{
	char byte = 'p';
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int passed = open("/dev/null", O_RDONLY);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &passed, sizeof(passed));
	sendmsg(fd, &message, MSG_NOSIGNAL);
}

/* Bytes that the other side has not read yet are still charged to the socket. */
static void await_read(int fd)
{
	int64_t limit = attack_clock() + READ_USEC;
	int unread = 0;

	while (ioctl(fd, SIOCOUTQ, &unread) == 0 && unread > 0 && attack_clock() < limit)
		nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

static void await_shut_down(int fd)
{
	struct pollfd state = {.fd = fd, .events = POLLIN | POLLRDHUP};

	poll(&state, 1, -1);
}

static void step(int fd, char what)
{
	switch (what) {
	case 'b':
		send_text(fd, "b");
		break;
	case 'm':
		send_text(fd, MESSAGE);
		break;
	case 'B':
		send_text(fd, BARRIER);
		break;
	case 'o':
		send_too_much(fd);
		break;
	case 'O':
		send(fd, "O", 1, MSG_OOB | MSG_NOSIGNAL);
		break;
	case 'p':
		send_descriptor(fd);
		break;
	case 's':
		shutdown(fd, SHUT_WR);
		break;
	case 'r':
		await_read(fd);
		break;
	case 'e':
		await_shut_down(fd);
		break;
	}
}

static void go(int fd, enum way way)
{
	switch (way) {
	case SHUT_BOTH:
		shutdown(fd, SHUT_RDWR);
		break;
	case SHUT_RECEIVE:
		shutdown(fd, SHUT_RD);
		break;
	case KILL:
		raise(SIGKILL);
		break;
	case CLOSE:
	case WAYS:
		break;
	}
	close(fd);
}

static void start_one(const struct attack *attack, const char *point, enum way way)
{
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		err(1, "attack: fork");
	if (pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = attack_connect(attack, 0);
	for (; *point; point++)
		step(fd, *point);
	go(fd, way);
	_exit(0);
}

static void await_all(void)
{
	int status;

	while (wait(&status) > 0)
		if (WIFEXITED(status) ? WEXITSTATUS(status) != 0 : WTERMSIG(status) != SIGKILL)
			errx(1, "attack: a process failed, status %#x", (unsigned)status);
}

long attack_states(struct attack *attack)
{
	for (long round = 0; round < attack->count; round++) {
		for (size_t point = 0; point < POINT_COUNT; point++)
			for (int way = 0; way < WAYS; way++)
				start_one(attack, points[point], (enum way)way);
		await_all();
	}
	return attack->count * (long)POINT_COUNT * WAYS;
}
