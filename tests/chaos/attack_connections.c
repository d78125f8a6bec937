/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that stay: idle, without an end, slow; some that only shut down; and one without anybody. */
#include "attack.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define UNENDED "STATUS=never ended"

static int *connect_all(const struct attack *attack)
{
	int *fds = calloc((size_t)attack->connections, sizeof(*fds));

	if (!fds)
		err(1, "attack");
	for (long i = 0; i < attack->connections; i++)
		fds[i] = attack_connect(attack, 0);
	return fds;
}

static bool has_ended(int fd)
{
	struct pollfd state = {.fd = fd, .events = POLLRDHUP};

	return poll(&state, 1, 0) == 1;
}

/* Closes one that the shim has ended, and makes another in its place. */
static void replace(const struct attack *attack, int *fd)
{
	close(*fd);
	*fd = attack_connect(attack, 0);
}

/* The good guest has been served once more, or where nobody says so, a second has passed. */
static void await_beat(const struct attack *attack)
{
	struct pollfd beat = {.fd = attack->beat_fd, .events = POLLIN};
	char bytes[64];

	poll(&beat, 1, attack->beat_fd < 0 ? 1000 : -1);
	if (beat.revents & POLLIN && read(attack->beat_fd, bytes, sizeof(bytes)) < 0)
		return; /* another process has had it */
}

static void hold_all(struct attack *attack, int *fds)
{
	while (attack->again) {
		await_beat(attack);
		for (long i = 0; i < attack->connections; i++)
			if (has_ended(fds[i]))
				replace(attack, &fds[i]);
	}
	attack_hold();
}

long attack_idle(struct attack *attack)
{
	int *fds = connect_all(attack);

	attack_up(attack, attack->connections);
	hold_all(attack, fds);
	return 0;
}

long attack_unended(struct attack *attack)
{
	int *fds = connect_all(attack);

	for (long i = 0; i < attack->connections; i++)
		send(fds[i], UNENDED, strlen(UNENDED), MSG_NOSIGNAL);
	attack_up(attack, attack->connections);
	hold_all(attack, fds);
	return 0;
}

long attack_slow(struct attack *attack)
{
	static const char text[] = "STATUS=slow but sure ";
	int *fds = connect_all(attack);

	attack_up(attack, attack->connections);
	for (unsigned long at = 0;; at++) {
		await_beat(attack);
		for (long i = 0; i < attack->connections; i++) {
			if (attack->again && has_ended(fds[i]))
				replace(attack, &fds[i]);
			send(fds[i], &text[at % (sizeof(text) - 1)], 1, MSG_NOSIGNAL);
		}
	}
}

/* Ever new ones that say nothing, each in the place of the oldest. */
long attack_churn(struct attack *attack)
{
	struct timespec pause = {.tv_nsec = 1000000000 / (attack->rate ? attack->rate : 1000)};
	int *fds = connect_all(attack);

	attack_up(attack, attack->connections);
	for (long i = 0;; i = (i + 1) % attack->connections) {
		nanosleep(&pause, NULL);
		replace(attack, &fds[i]);
	}
}

long attack_half_close(struct attack *attack)
{
	for (long i = 0; i < attack->count; i++)
		attack_say(attack, "", 0);
	return attack->count;
}

/* A name that stays when nobody is behind it any more: who sends there is refused. */
long attack_dead_socket(struct attack *attack)
{
	int fd = unix_socket(SOCK_DGRAM);

	if (bind(fd, (const struct sockaddr *)&attack->address, sizeof(attack->address)) < 0)
		err(1, "attack: cannot bind %s", attack->address.sun_path);
	close(fd);
	return 1;
}
