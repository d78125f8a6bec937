/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is let in. A connection is always taken off the listening socket, as the VMM may wait for that; then
 * it is closed at once, or is one of at most max.
 *
 * Where there are that many, the oldest of the least use makes room for the new one, because a guest's
 * PID 1 says all it has to say as soon as it has connected: first one that has not sent a byte, then one
 * that has sent no end yet, then one whose message the outbox has and only its guest is held, then one whose
 * message has come and is not known to be whole, and last one that is held for a barrier. One that is young
 * counts for more than all but that: else a few slow ones would make each new one the first to go. None is
 * needed so much that a new one is turned away: that would leave it to a guest's program to shut PID 1 out.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "connection_private.h"

enum use {
	SILENT,
	UNENDED,
	HELD,
	DRAINING,
	YOUNG,
	BARRIER
};

static bool is_young(const struct connection *connection, uint64_t now)
{
	uint64_t since = max_u64(connection->accepted_usec, connection->shut_usec);

	return (connection->state == CONNECTION_READING ||
	        connection->state == CONNECTION_DRAINING) &&
	       now - since < ADMISSION_YOUNG_USEC;
}

static enum use use_of(const struct connection *connection, uint64_t now)
{
	if (is_young(connection, now))
		return YOUNG;
	switch (connection->state) {
	case CONNECTION_READING:
		return connection->buffer.length == 0 ? SILENT : UNENDED;
	case CONNECTION_DRAINING:
		return connection->buffer.length == 0 ? SILENT : DRAINING;
	case CONNECTION_HELD:
		return connection->hold.barrier ? BARRIER : HELD;
	case CONNECTION_TAKEN:
		break;
	}
	return BARRIER;
}

/* The oldest of the least use; NULL where there is none. The list has the newest first. */
static struct connection *find_victim(const struct connections *all)
{
	struct connection *victim = NULL;
	enum use least = BARRIER;
	uint64_t now = now_usec();

	for (struct connection *one = all->first; one; one = one->next) {
		enum use use = use_of(one, now);

		if (use <= least) {
			victim = one;
			least = use;
		}
	}
	return victim;
}

bool connections_give_way(struct connections *all)
{
	struct connection *victim = find_victim(all);
	void (*none_left)(struct connections * connections) = all->none_left;

	if (!victim)
		return false;
	/* It goes for another one's sake, which is not there yet. */
	all->none_left = NULL;
	connection_close(victim, "had to make room");
	all->none_left = none_left;
	return true;
}

static void make_room(struct connections *all)
{
	if (all->count < all->max)
		return;
	log_limited(VSN_LOG_WARNING,
	            "%u connections are open, the oldest that is idle is closed "
	            "(--max-connections)",
	            all->count);
	connections_give_way(all);
}

static void link_connection(struct connections *all, struct connection *connection)
{
	connection->next = all->first;
	connection->link = &all->first;
	if (connection->next)
		connection->next->link = &connection->next;
	all->first = connection;
	all->count++;
}

static void admit(struct connections *all, int fd, const struct peer *peer)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		log_limited(VSN_LOG_WARNING, "no memory: a connection is closed at once");
		close(fd);
		return;
	}
	backend_seen_pid(&all->backend, peer->pid);
	connection->all = all;
	connection->fd = fd;
	connection->id = ++all->last_id;
	connection->peer = *peer;
	link_connection(all, connection);
	connection_start(connection);
}

void connections_add(struct connections *all, int fd)
{
	struct peer peer;
	const char *refusal;

	peer_read(fd, &peer);
	refusal = peer_refusal(&all->peer_rule, &peer);
	if (refusal) {
		log_limited(VSN_LOG_WARNING,
		            "a connection of process %lld, user %lld is refused: %s",
		            (long long)peer.pid, (long long)peer.uid, refusal);
		close(fd);
		return;
	}
	make_room(all);
	admit(all, fd, &peer);
}

void connections_close_all(struct connections *all)
{
	all->none_left = NULL;
	while (all->first)
		connection_close(all->first, "closed");
}
