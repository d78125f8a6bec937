/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the VMM of a guest whose PID 1 notifies, towards several bridges in turn, and prints how long
 * each notification held the guest. The bridges get their notifications in interleaved rounds, so
 * that whatever else the machine does befalls all alike.
 */
#include "unix_socket.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BRIDGES_MAX 16

/* So many of a bridge's notifications come on top, before the others and not timed: 1 in 20. */
#define WARM_UP_SHARE 20

static const char usage[] =
	"Usage: client [OPTION]... SOCKET COUNT [SOCKET COUNT]...\n"
	"Sends COUNT notifications to each bridge's SOCKET, in interleaved rounds. Prints for\n"
	"each the bridge's index and the microseconds that it held the guest, 'warm' for those\n"
	"before the first round.\n"
	"\n"
	"  --no-half-close   as a VMM that does not pass the guest's half-close on\n"
	"  --message=KIND    unit (default): X_SYSTEMD_UNIT_ACTIVE=; status: STATUS=; field: "
	"X_BENCH=,\n"
	"                    which each time is a change that somebody may wait for\n"
	"  --pause=USEC      between notifications, as a real guest takes (default 0)\n"
	"  --rounds=N        default 1\n";

struct bridge {
	struct sockaddr_un address;
	long count;
};

struct client {
	struct bridge bridges[BRIDGES_MAX];
	int bridge_count;
	long rounds;
	long pause_usec;
	bool half_close;
	const char *kind;
	unsigned long sent;
};

static double now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* A message as PID 1 sends it, another each time. */
static size_t make_message(struct client *client, char *text, size_t room)
{
	unsigned long number = client->sent++;
	int length;

	if (strcmp(client->kind, "field") == 0)
		length = snprintf(text, room, "X_BENCH=%lu", number);
	else if (strcmp(client->kind, "status") == 0)
		length = snprintf(text, room,
		                  "STATUS=(1 of 5) User job x.service/start running (%lus / no "
		                  "limit)...",
		                  number);
	else
		length = snprintf(text, room, "X_SYSTEMD_UNIT_ACTIVE=foo%lu.target", number);
	return (size_t)length;
}

/* One notification. Returns how long the guest was held. */
static double notify(struct client *client, const struct bridge *bridge)
{
	char text[128];
	size_t length = make_message(client, text, sizeof(text));
	int fd = unix_socket(SOCK_STREAM);
	double start = now_usec(), held;
	ssize_t n;

	unix_connect(fd, &bridge->address);
	if (send(fd, text, length, MSG_NOSIGNAL) < 0)
		err(1, "%s: send", bridge->address.sun_path);
	if (client->half_close && shutdown(fd, SHUT_WR) < 0 && errno != ENOTCONN)
		err(1, "%s: shutdown", bridge->address.sun_path);
	n = recv(fd, text, sizeof(text), 0);
	held = now_usec() - start;
	if (n > 1)
		errx(1, "%s: a bridge may answer with one byte, not more",
		     bridge->address.sun_path);
	if (n < 0 && errno != ECONNRESET)
		err(1, "%s: recv", bridge->address.sun_path);
	close(fd);
	if (client->pause_usec > 0)
		usleep((useconds_t)client->pause_usec);
	return held;
}

static void warm_up(struct client *client, int index)
{
	long count = client->bridges[index].count / WARM_UP_SHARE;

	while (count-- > 0) {
		notify(client, &client->bridges[index]);
		printf("%d warm\n", index);
	}
}

/* This round's share of the bridge's notifications. */
static void play_round(struct client *client, int index, long round)
{
	const struct bridge *bridge = &client->bridges[index];
	long first = bridge->count * round / client->rounds;
	long end = bridge->count * (round + 1) / client->rounds;

	for (; first < end; first++)
		printf("%d %.1f\n", index, notify(client, bridge));
}

static long parse_count(const char *text)
{
	char *end;
	long count = strtol(text, &end, 10);

	if (end == text || *end || count < 1 || count > 10000000)
		errx(2, "%s: use a number from 1 to 10000000", text);
	return count;
}

static const char *parse_kind(const char *kind)
{
	if (strcmp(kind, "status") != 0 && strcmp(kind, "unit") != 0 && strcmp(kind, "field") != 0)
		errx(2, "--message=%s: use unit, status or field", kind);
	return kind;
}

/* Returns false where the command line is wrong. */
static bool parse_options(struct client *client, int argc, char **argv)
{
	static const struct option table[] = {
		{"no-half-close", no_argument, NULL, 'h'},
		{"message", required_argument, NULL, 'm'},
		{"pause", required_argument, NULL, 'p'},
		{"rounds", required_argument, NULL, 'r'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (option == 'h')
			client->half_close = false;
		else if (option == 'm')
			client->kind = parse_kind(optarg);
		else if (option == 'p')
			client->pause_usec = parse_count(optarg);
		else if (option == 'r')
			client->rounds = parse_count(optarg);
		else
			return false;
	}
	for (; argc - optind >= 2 && client->bridge_count < BRIDGES_MAX; optind += 2)
		client->bridges[client->bridge_count++] = (struct bridge){
			.address = unix_address(argv[optind]),
			.count = parse_count(argv[optind + 1]),
		};
	return client->bridge_count > 0 && optind == argc;
}

int main(int argc, char **argv)
{
	static struct client client = {.rounds = 1, .half_close = true, .kind = "unit"};

	if (!parse_options(&client, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	for (int index = 0; index < client.bridge_count; index++)
		warm_up(&client, index);
	for (long round = 0; round < client.rounds; round++)
		for (int index = 0; index < client.bridge_count; index++)
			play_round(&client, index, round);
	return 0;
}
