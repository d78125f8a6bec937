/* SPDX-License-Identifier: Apache-2.0 */
/* Who is admitted, and who makes room (rules: admission.h). */
#include "admission.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "connection_private.h"
#include "descent.h"

/* The kinds of the header's list, the least valuable first. */
enum use {
	LEAVING,
	SILENT,
	UNENDED,
	HELD,
	DRAINING,
	YOUNG,
	BARRIER
};

static bool is_young(const struct connection *connection, uint64_t now)
{
	uint64_t since = max_u64(connection->accepted_usec, connection->answered_usec);

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
	case CONNECTION_LEAVING:
		return LEAVING;
	case CONNECTION_HELD:
		return connection->delivery.hold.barrier ? BARRIER : HELD;
	case CONNECTION_TAKEN:
		break;
	}
	return BARRIER;
}

/* The least valuable connection; NULL if there is none. The list has the newest first. */
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
	/* It makes room for a connection that is not in the list yet, so it is not true that none is left. */
	all->none_left = NULL;
	connection_close(victim, "had to make room");
	all->none_left = none_left;
	return true;
}

bool connections_have_room(const struct connections *all)
{
	return all->count < all->max;
}

/*
 * Whether the guest's VM is another one from here on. A process that connects beside a VMM which is still there, such as
 * socat in somebody's shell, takes nobody's place.
 */
static bool is_replaced_by(struct connections *all, int64_t pid)
{
	struct backend *backend = &all->backend;

	if (backend->stays && backend->pid != pid && peer_lives((pid_t)backend->pid))
		return false;
	return backend_seen_pid(backend, pid);
}

static void admit(struct connections *all, int fd, const struct peer *peer)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		log_limited(VSN_LOG_WARNING, "no memory: a connection is closed at once");
		close(fd);
		return;
	}
	connection->all = all;
	connection->next = all->first;
	connection->fd = fd;
	connection->delivery = (struct delivery){
		.id = ++all->last_id,
		.pid = peer->pid,
		.uid = peer->uid,
		.port = peer->port,
	};
	all->first = connection;
	all->count++;
	connection_start(connection);
	if (is_replaced_by(all, peer->pid) && all->process_changed)
		all->process_changed(all, peer->pid);
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
	if (!connections_have_room(all)) {
		log_limited(VSN_LOG_WARNING,
		            "%u connections are open, the oldest that is idle is closed "
		            "(--max-connections)",
		            all->count);
		connections_give_way(all);
	}
	admit(all, fd, &peer);
}

void connections_close_silent(struct connections *all)
{
	struct connection *next;

	for (struct connection *one = all->first; one; one = next) {
		next = one->next;
		if (one->buffer.length == 0)
			connection_close(one, "silent at the end");
	}
}

unsigned connections_close_unended(struct connections *all)
{
	struct connection *next;
	unsigned count = 0;

	for (struct connection *one = all->first; one; one = next) {
		next = one->next;
		if (one->state != CONNECTION_READING && one->state != CONNECTION_DRAINING)
			continue;
		connection_close(one, "not ended at the end");
		count++;
	}
	return count;
}

void connections_close_all(struct connections *all)
{
	all->none_left = NULL;
	while (all->first)
		connection_close(all->first, "closed");
}
