/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack: the bad guests of tests/chaos/test-chaos.sh. Starts one kind of attack in as many processes as
 * asked for. Prints "up: N UNIT" when all have their pressure on (attack.h), which they hold until this
 * process is ended; "over: N UNIT" when all have done what they had to.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES_MAX 64

static const struct kind {
	const char *name;
	const char *unit;
	attack_run run;
	const char *what;
} kinds[] = {
	{"idle", "connections", attack_idle, "connections=N that never send [again=1]"},
	{"unended", "connections", attack_unended, "a message each on connections=N, never ended"},
	{"slow", "connections", attack_slow, "a byte a beat on each of connections=N [again=1]"},
	{"churn", "connections", attack_churn, "rate=N new ones a second, connections=N at once"},
	{"half-close", "connections", attack_half_close, "count=N that only shut down"},
	{"dead-socket", "sockets", attack_dead_socket, "SOCKET is made, for datagrams, and left"},
	{"states", "closes", attack_states,
         "a close at each point of the state machine, count=N times"},
	{"rubbish", "MiB", attack_rubbish, "bytes=N on connections=N at once"},
	{"values", "messages", attack_values, "each byte value alone, and all in one"},
	{"lengths", "messages", attack_lengths, "0 to 4097 bytes, and 64 KiB"},
	{"open-loop", "attempts", attack_open_loop,
         "rate=N a second for msec=N, no answer awaited"},
	{"closed-loop", "messages", attack_closed_loop, "as fast as they are answered, for msec=N"},
	{"fill", "messages", attack_fill, "count=N changes of state of 4096 bytes, none awaited"},
	{"hoard", "connections", attack_hoard, "4096 bytes on each of connections=N, never ended"},
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

int64_t attack_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int attack_connect(const struct attack *attack, int flags)
{
	int fd = unix_socket(SOCK_STREAM | flags);

	if (connect(fd, (const struct sockaddr *)&attack->address, sizeof(attack->address)) == 0)
		return fd;
	if (errno != EAGAIN && errno != EINTR)
		err(1, "attack: cannot connect to %s", attack->address.sun_path);
	close(fd);
	return -1;
}

void attack_await_end(int fd)
{
	char bytes[2];

	/* The end, or the byte that PID 1 is answered with. */
	if (recv(fd, bytes, sizeof(bytes), 0) > 1)
		errx(1, "attack: the shim wrote more than a byte to a guest");
	close(fd);
}

void attack_hold(void)
{
	while (true)
		pause();
}

void attack_say(const struct attack *attack, const void *bytes, size_t length)
{
	int fd = attack_connect(attack, 0);

	if (fd < 0)
		return;
	/* What it does not take, and when, is the shim's affair: the good guest is what is looked at. */
	if (length == 0 || send(fd, bytes, length, MSG_NOSIGNAL) >= 0)
		shutdown(fd, SHUT_WR);
	attack_await_end(fd);
}

static void report(struct attack *attack, long done, bool holds)
{
	struct attack_report text = {.done = done, .holds = holds};

	if (write(attack->up_fd, &text, sizeof(text)) != sizeof(text))
		err(1, "attack: write");
	close(attack->up_fd);
}

void attack_up(struct attack *attack, long done)
{
	report(attack, done, true);
}

static void child(const struct kind *kind, struct attack *attack)
{
	/* Nothing outlives who started it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	report(attack, kind->run(attack), false);
	exit(0);
}

static long number_of(const char *name, const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 0)
		errx(2, "attack: %s=%s: use a number", name, text);
	return value;
}

static void take_option(struct attack *attack, long *processes, char *option)
{
	char *value = strchr(option, '=');
	const struct {
		const char *name;
		long *value;
	} numbers[] = {
		{"processes", processes},  {"connections", &attack->connections},
		{"count", &attack->count}, {"bytes", &attack->bytes},
		{"rate", &attack->rate},   {"msec", &attack->msec},
	};

	if (!value)
		errx(2, "attack: %s: use NAME=VALUE", option);
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(option, numbers[i].name) == 0) {
			*numbers[i].value = number_of(option, value);
			return;
		}
	if (strcmp(option, "spin") == 0) {
		attack->spin = number_of(option, value) != 0;
	} else if (strcmp(option, "again") == 0) {
		attack->again = number_of(option, value) != 0;
	} else if (strcmp(option, "beat") == 0) {
		attack->beat_fd = open(value, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (attack->beat_fd < 0)
			err(1, "attack: %s", value);
	} else {
		errx(2, "attack: %s: no such option", option);
	}
}

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	fputs("Usage: attack KIND SOCKET [processes=N] [NAME=VALUE...]\n", stderr);
	for (size_t i = 0; i < KIND_COUNT; i++)
		fprintf(stderr, "  %-12s %s\n", kinds[i].name, kinds[i].what);
	exit(2);
}

/* Starts the processes. Returns the pipe that each writes to once it is up. */
static int start(const struct kind *kind, struct attack *attack, long processes)
{
	int ends[2];

	if (pipe(ends) < 0)
		err(1, "attack: pipe");
	attack->up_fd = ends[1];
	for (attack->number = 0; attack->number < processes; attack->number++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "attack: fork");
		if (pid == 0)
			child(kind, attack);
	}
	close(ends[1]);
	return ends[0];
}

int main(int argc, char **argv)
{
	const struct kind *kind = find_kind(argc > 2 ? argv[1] : "");
	struct attack attack = {.connections = 1, .count = 1, .msec = 1000, .beat_fd = -1};
	struct attack_report text;
	long processes = 1, up = 0, sum = 0;
	bool holds = false;
	int up_fd, status;

	attack.address = unix_address(argv[2]);
	for (int i = 3; i < argc; i++)
		take_option(&attack, &processes, argv[i]);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	up_fd = start(kind, &attack, processes);
	while (read(up_fd, &text, sizeof(text)) == sizeof(text)) {
		up++;
		sum += text.done;
		holds |= text.holds;
	}
	if (up < processes)
		errx(1, "attack: %ld of %ld processes failed", processes - up, processes);
	printf("%s: %ld %s\n", holds ? "up" : "over", sum, kind->unit);
	fflush(stdout);
	while (wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			errx(1, "attack: a process failed, status %#x", (unsigned)status);
	return 0;
}
