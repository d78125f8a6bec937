/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As many messages as can be: in open loop (connect, send, close, whatever becomes of it), in closed
 * loop, and such that fill what the shim keeps for a host that is away.
 */
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 4096

static void flood_text(char *text, size_t room, long number)
{
	/* Progress, what is only read, what is refused, a change of state, and no field at all. */
	static const char *const forms[] = {
		"STATUS=flood %ld",        "X_SYSTEMD_UNIT_ACTIVE=flood%ld.target",
		"WATCHDOG_USEC=%ld",       "MAINPID=%ld",
		"EXTEND_TIMEOUT_USEC=%ld", "flood %ld",
	};

	snprintf(text, room, forms[(unsigned long)number % (sizeof(forms) / sizeof(forms[0]))],
	         number);
}

static void sleep_until(int64_t usec)
{
	struct timespec when = {.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
}

/*
 * Where the rate cannot be kept, it is tried all the same until the time is over. A VMM waits in connect(2)
 * while the backlog is full; spin does not.
 */
long attack_open_loop(struct attack *attack)
{
	int64_t start = attack_clock(), end = start + attack->msec * 1000, now = start;
	long attempts = 0;

	while (now < end) {
		long due = (long)((now - start) * attack->rate / 1000000) + 1;

		for (int i = 0; attempts < due && i < 32; i++) {
			char text[64];
			int fd = attack_connect(attack, attack->spin ? SOCK_NONBLOCK : 0);

			flood_text(text, sizeof(text), attempts++);
			if (fd < 0)
				continue;
			send(fd, text, strlen(text), MSG_NOSIGNAL);
			close(fd);
		}
		if (attempts >= due)
			sleep_until(start + attempts * 1000000 / attack->rate);
		now = attack_clock();
	}
	return attempts;
}

long attack_closed_loop(struct attack *attack)
{
	int64_t end = attack_clock() + attack->msec * 1000;
	long messages = 0;

	while (attack_clock() < end) {
		char text[64];

		flood_text(text, sizeof(text), messages++);
		attack_say(attack, text, strlen(text));
	}
	return messages;
}

static void longest_text(char *text, long number)
{
	int length = snprintf(text, LONGEST, "READY=1\nSTATUS=fill %ld ", number);

	memset(text + length, 'f', LONGEST - (size_t)length);
}

long attack_fill(struct attack *attack)
{
	char text[LONGEST];

	for (long i = 0; i < attack->count; i++) {
		int fd = attack_connect(attack, 0);

		longest_text(text, i);
		if (fd < 0)
			continue;
		send(fd, text, sizeof(text), MSG_NOSIGNAL);
		close(fd);
	}
	return attack->count;
}

long attack_hoard(struct attack *attack)
{
	char text[LONGEST];
	long taken = 0;

	longest_text(text, 0);
	for (long i = 0; i < attack->connections; i++) {
		int fd = attack_connect(attack, 0);

		taken += send(fd, text, sizeof(text), MSG_NOSIGNAL) > 0;
	}
	attack_up(attack, taken);
	attack_hold();
}
