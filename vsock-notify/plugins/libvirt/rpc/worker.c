/* SPDX-License-Identifier: Apache-2.0 */
/* Reads reports and has them published (theory: worker.h). */
#include "worker.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "base/clock.h"
#include "pace.h"
#include "say.h"

/* The pause between tries after vsock-notify has ended, when there is little time left. */
#define LAST_TRIES_USEC UINT64_C(100000)

struct worker {
	struct publisher *publisher;
	const struct slot *slot;
	struct pace pace;
	struct backoff backoff;
	bool ended;              /* vsock-notify has ended */
	bool lost;               /* and its last report cannot be published */
	bool stale;              /* libvirt may not have what was published */
	struct report published; /* the last one that was published */
	struct report wanted;    /* the newest one */
	int timer;
	int told_watch;
};

static void news(int watch, int fd, int events, void *user)
{
	uint64_t count;

	(void)watch;
	(void)events;
	(void)user;
	/* The count does not matter: the slot has the newest report. */
	if (read(fd, &count, sizeof(count)) < 0)
		return;
}

static void notifier_ended(int watch, int fd, int events, void *user)
{
	struct worker *worker = user;

	(void)fd;
	(void)events;
	worker->ended = true;
	worker->backoff.until_usec = 0;
	virEventRemoveHandle(watch);
}

static void timer_came(int timer, void *user)
{
	(void)user;
	virEventUpdateTimeout(timer, -1);
}

static bool watch_fds(struct worker *worker)
{
	worker->timer = virEventAddTimeout(-1, timer_came, NULL, NULL);
	worker->told_watch =
		virEventAddHandle(RPC_FD_TOLD, VIR_EVENT_HANDLE_READABLE, news, NULL, NULL);
	return worker->timer >= 0 && worker->told_watch >= 0 &&
	       virEventAddHandle(RPC_FD_MOVED, VIR_EVENT_HANDLE_READABLE, news, NULL, NULL) >= 0 &&
	       virEventAddHandle(RPC_FD_LIFE, VIR_EVENT_HANDLE_READABLE | VIR_EVENT_HANDLE_HANGUP,
	                         notifier_ended, worker, NULL) >= 0;
}

static void read_slot(struct worker *worker)
{
	struct report report;

	if (slot_read(worker->slot, &report))
		worker->wanted = report;
	/* vsock-notify may have been killed before it could report that. */
	if (worker->ended)
		worker->wanted.ended = 1;
}

/* Whether anything but the status text has changed: that is published at once. */
static bool has_moved(const struct worker *worker)
{
	return worker->stale ||
	       memcmp(&worker->wanted, &worker->published, offsetof(struct report, status)) != 0;
}

static bool is_pending(const struct worker *worker)
{
	return has_moved(worker) || strncmp(worker->wanted.status, worker->published.status,
	                                    sizeof(worker->wanted.status)) != 0;
}

static void try_to_publish(struct worker *worker)
{
	enum publish_result result = publish(worker->publisher, &worker->wanted);
	uint64_t now = now_usec();

	if (result == PUBLISHED) {
		worker->published = worker->wanted;
		worker->stale = false;
		worker->backoff = (struct backoff){0};
		pace_published(&worker->pace, now);
		return;
	}
	worker->lost = worker->ended && result == PUBLISH_NOWHERE;
	backoff_failed(&worker->backoff, now);
	if (worker->ended)
		worker->backoff.until_usec = now + LAST_TRIES_USEC;
}

/* Returns the time of the next try. */
static uint64_t due(const struct worker *worker, uint64_t now)
{
	uint64_t paced = worker->ended ? now : pace_due(&worker->pace, has_moved(worker), now);

	return paced > worker->backoff.until_usec ? paced : worker->backoff.until_usec;
}

/* Handles what has come in meanwhile. */
static void look(struct worker *worker)
{
	read_slot(worker);
	if (!worker->publisher->again)
		return;
	worker->publisher->again = false;
	worker->stale = true;
	worker->backoff.until_usec = 0;
}

/* Tries to publish if it is time, else sets the timer. Returns whether there is something to wait for. */
static bool work(struct worker *worker)
{
	uint64_t now = now_usec();
	uint64_t when = due(worker, now);
	bool pending = is_pending(worker);

	/* While a status text may not be published, its descriptor is not watched. */
	virEventUpdateHandle(worker->told_watch,
	                     pending && when > now ? 0 : VIR_EVENT_HANDLE_READABLE);
	if (!pending)
		return true;
	if (when <= now) {
		try_to_publish(worker);
		return false;
	}
	virEventUpdateTimeout(worker->timer, (int)((when - now + 999) / 1000));
	return true;
}

static bool is_done(const struct worker *worker)
{
	return worker->ended && (worker->lost || !is_pending(worker));
}

int worker_run(struct publisher *publisher, const struct slot *slot)
{
	struct worker worker = {.publisher = publisher, .slot = slot, .stale = true};
	bool good;

	publish_init();
	good = watch_fds(&worker);
	for (look(&worker); good && !is_done(&worker); look(&worker))
		if (work(&worker))
			good = virEventRunDefaultImpl() == 0;
	if (!good)
		say("no event loop: %s", virGetLastErrorMessage());
	publish_close(publisher);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
