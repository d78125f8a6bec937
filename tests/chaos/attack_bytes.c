/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of any value in any number. What is random comes from a fixed seed: a failure repeats. */
#include "attack.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define RUBBISH_PART 65536
#define TOO_LONG     65536

static uint64_t random_state = 0x9e3779b97f4a7c15;

/* xorshift64. */
static uint64_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void fill_random(unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i + sizeof(uint64_t) <= length; i += sizeof(uint64_t)) {
		uint64_t number = random_number();

		memcpy(bytes + i, &number, sizeof(number));
	}
}

/* Sends what is taken of a part of any length. Returns how much, or -1 where the shim has had enough. */
static ssize_t send_part(int fd, const unsigned char *bytes)
{
	/* One in two fits into a message: that is where most of the code is. */
	size_t length = 1 + random_number() % (random_number() % 2 ? RUBBISH_PART / 2 : 2048);
	size_t offset = random_number() % (RUBBISH_PART / 2);

	return send(fd, bytes + offset, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Serves one connection that can be written, or has ended. Returns the bytes that were taken. */
static long serve(const struct attack *attack, struct pollfd *connection,
                  const unsigned char *bytes)
{
	ssize_t sent = -1;

	if (connection->fd >= 0) {
		sent = send_part(connection->fd, bytes);
		if (sent < 0 && errno == EAGAIN)
			return 0;
		if (sent >= 0 && random_number() % 4)
			return sent;
		/* One in four is whole here, the others go on. */
		shutdown(connection->fd, random_number() % 2 ? SHUT_WR : SHUT_RDWR);
		close(connection->fd);
	}
	connection->fd = attack_connect(attack, SOCK_NONBLOCK);
	return sent > 0 ? sent : 0;
}

long attack_rubbish(struct attack *attack)
{
	static unsigned char bytes[RUBBISH_PART];
	struct pollfd *all = calloc((size_t)attack->connections, sizeof(*all));
	long sent = 0;

	if (!all)
		err(1, "attack");
	random_state += (uint64_t)attack->number;
	fill_random(bytes, sizeof(bytes));
	for (long i = 0; i < attack->connections; i++)
		all[i] = (struct pollfd){.fd = -1, .events = POLLOUT};
	while (sent < attack->bytes) {
		/* Those without a connection are not waited for: they try again. */
		poll(all, (nfds_t)attack->connections, 1);
		for (long i = 0; i < attack->connections; i++)
			if (all[i].fd < 0 || all[i].revents)
				sent += serve(attack, &all[i], bytes);
	}
	return sent >> 20;
}

static void say_framed(const struct attack *attack, const char *before, const void *bytes,
                       size_t length, const char *after)
{
	unsigned char text[1024];
	size_t before_length = strlen(before), after_length = strlen(after);

	memcpy(text, before, before_length);
	memcpy(text + before_length, bytes, length);
	memcpy(text + before_length + length, after, after_length);
	attack_say(attack, text, before_length + length + after_length);
}

long attack_values(struct attack *attack)
{
	/* Where a value can stand: alone, in a name, in a value, in a number, between lines. */
	static const char *const around[][2] = {
		{"", ""},
		{"ST", "ATUS=x"},
		{"STATUS=", ""},
		{"READY=1", "STATUS=x"},
		{"EXIT_STATUS=", "1"},
	};
	const size_t around_count = sizeof(around) / sizeof(around[0]);
	unsigned char values[256];

	for (unsigned value = 0; value < 256; value++)
		values[value] = (unsigned char)value;
	for (size_t i = 0; i < around_count; i++) {
		for (unsigned value = 0; value < 256; value++)
			say_framed(attack, around[i][0], &values[value], 1, around[i][1]);
		say_framed(attack, around[i][0], values, sizeof(values), around[i][1]);
		say_framed(attack, around[i][0], values + 1, sizeof(values) - 1, around[i][1]);
	}
	return (long)around_count * (256 + 2);
}

long attack_lengths(struct attack *attack)
{
	static char text[TOO_LONG];
	const long longest = 4097;

	memset(text, 'l', sizeof(text));
	memcpy(text, "STATUS=", strlen("STATUS="));
	for (long length = 0; length <= longest; length++)
		attack_say(attack, text, (size_t)length);
	attack_say(attack, text, sizeof(text));
	return longest + 2;
}
