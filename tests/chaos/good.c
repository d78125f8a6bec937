/* SPDX-License-Identifier: Apache-2.0 */
/*
 * good: the well-behaved guest beside the bad ones. Speaks as systemd's PID 1 does: connect, one send,
 * shutdown(SHUT_WR), wait for the end, next; numbered messages, at a pace well below what a guest may
 * send. Prints how long they were held, from connect to end.
 *
 *	good SOCKET LABEL [count=N] [more=N] [pace=USEC] [think=USEC] [beat=FIFO] [log=1]
 *
 * Without count it goes on until SIGINT, or until SIGTERM and then for as many messages as more says. Prints "first"
 * after the first message. think: between connect and send, as in a guest on a busy host. beat: a byte into FIFO after each message; log: a line after each. At SIGUSR1
 * it stops itself (SIGCONT lets it go on) when no message of its own is under way.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../bench/unix_socket.h"

/* Half a million messages would be half an hour's: more are not measured. */
#define SAMPLES_MAX 500000

/* Nothing is held longer by design. */
#define ANSWER_SEC 30

struct guest {
	struct sockaddr_un address;
	const char *label;
	long count; /* 0: until SIGTERM */
	long more;
	long pace_usec;
	long think_usec;
	int beat_fd;
	bool log;
	long sent;
	long resets; /* ended by a reset, which a guest takes for a failure */
	uint32_t held_usec[SAMPLES_MAX];
};

static volatile sig_atomic_t told_to_end; /* SIGTERM, or SIGINT: without more */
static volatile sig_atomic_t told_to_stop;

static void take_signal(int number)
{
	if (number != SIGUSR1)
		told_to_end = number;
	else
		told_to_stop = 1;
}

static int64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void sleep_until(int64_t usec)
{
	struct timespec when = {.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
}

/* A signal says when to end, not to stop waiting. */
static void connect_patiently(int fd, const struct sockaddr_un *address)
{
	while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		if (errno != EINTR)
			err(1, "good: connect, after message of");
}

/* The end, or the byte that PID 1 is answered with. */
static ssize_t await_answer(int fd)
{
	char bytes[2];
	ssize_t n;

	do {
		n = recv(fd, bytes, sizeof(bytes), 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

static void say(struct guest *guest)
{
	const struct timeval limit = {.tv_sec = ANSWER_SEC};
	char text[192];
	/* As PID 1 tells of a job that takes its time: a limit of rate is generous with it. */
	int length = snprintf(
		text, sizeof(text),
		"STATUS=(1 of 2) User job good-%s@%ld.service/start running (1s / no limit)...",
		guest->label, ++guest->sent);
	int fd = unix_socket(SOCK_STREAM);
	int64_t start = now_usec();
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	connect_patiently(fd, &guest->address);
	if (guest->think_usec)
		sleep_until(start + guest->think_usec);
	/* Closed already, it fails as PID 1's does. The message is missed where they are counted. */
	if (send(fd, text, (size_t)length, MSG_NOSIGNAL) < 0 || shutdown(fd, SHUT_WR) < 0)
		guest->resets++;
	n = await_answer(fd);
	if (n > 1)
		errx(1, "good: message %ld: the shim wrote more than a byte to the guest",
		     guest->sent);
	if (n < 0 && errno == EAGAIN)
		errx(1, "good: message %ld: no answer in %d s", guest->sent, ANSWER_SEC);
	close(fd);
	if (guest->sent <= SAMPLES_MAX)
		guest->held_usec[guest->sent - 1] = (uint32_t)(now_usec() - start);
}

static void tell(struct guest *guest)
{
	if (guest->sent == 1)
		puts("first");
	if (guest->log)
		printf("said %ld\n", guest->sent);
	fflush(stdout);
	/* Who listens to the beat may be slower than it. */
	if (guest->beat_fd >= 0 && write(guest->beat_fd, "b", 1) < 0 && errno != EAGAIN)
		err(1, "good: beat");
}

static void run(struct guest *guest)
{
	long last = guest->count;

	while (last == 0 || guest->sent < last) {
		int64_t next = now_usec() + guest->pace_usec;

		say(guest);
		tell(guest);
		if (told_to_end && guest->count == 0 && last == 0)
			last = guest->sent + (told_to_end == SIGTERM ? guest->more : 0);
		if (told_to_stop) {
			told_to_stop = 0;
			raise(SIGSTOP);
		}
		if (last == 0 || guest->sent < last)
			sleep_until(next);
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static void print_figures(struct guest *guest)
{
	long n = guest->sent < SAMPLES_MAX ? guest->sent : SAMPLES_MAX;

	qsort(guest->held_usec, (size_t)n, sizeof(guest->held_usec[0]), compare);
	printf("sent=%ld resets=%ld p50=%u p99=%u max=%u\n", guest->sent, guest->resets,
	       guest->held_usec[n / 2], guest->held_usec[n - 1 - n / 100], guest->held_usec[n - 1]);
}

static void take_option(struct guest *guest, const char *option)
{
	const char *value = strchr(option, '=');
	const struct {
		const char *name;
		long *number;
	} numbers[] = {{"count", &guest->count},
	               {"more", &guest->more},
	               {"pace", &guest->pace_usec},
	               {"think", &guest->think_usec}};

	if (!value++)
		errx(2, "good: %s: use NAME=VALUE", option);
	if (strncmp(option, "beat=", 5) == 0) {
		guest->beat_fd = open(value, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (guest->beat_fd < 0)
			err(1, "good: %s", value);
		return;
	}
	if (strcmp(option, "log=1") == 0) {
		guest->log = true;
		return;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strncmp(option, numbers[i].name, (size_t)(value - option - 1)) == 0) {
			*numbers[i].number = strtol(value, NULL, 10);
			return;
		}
	errx(2, "good: %s: no such option", option);
}

int main(int argc, char **argv)
{
	static struct guest guest = {.more = 20, .pace_usec = 3000, .beat_fd = -1};
	struct sigaction action = {.sa_handler = take_signal};

	if (argc < 3)
		errx(2, "good: say SOCKET LABEL [NAME=VALUE...]");
	guest.address = unix_address(argv[1]);
	guest.label = argv[2];
	for (int i = 3; i < argc; i++)
		take_option(&guest, argv[i]);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	run(&guest);
	print_figures(&guest);
	return 0;
}
