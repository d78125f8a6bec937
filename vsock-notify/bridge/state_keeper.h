/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publishes the guest's state (state/state.h) as a file. The file is written when the loop is idle, so no guest waits for
 * it, and only if the state has changed:
 *
 *   readiness, units, fields   at once, then at most every STATE_MOVED_USEC
 *   status text                at most every STATE_TOLD_USEC
 *   counters                   at most every STATE_COUNTED_USEC
 *
 * If a write fails, that is logged once, and it is tried again every STATE_RETRY_USEC until it succeeds. The guest's
 * notifications do not depend on it.
 *
 * At the start the last state is taken up if its VM still runs (take_up.h).
 */
#ifndef STATE_KEEPER_H
#define STATE_KEEPER_H

#include "base/failure.h"
#include "base/loop.h"
#include "bridge_options.h"
#include "guest/connection.h"
#include "manager/outbox.h"
#include "state/state_file.h"

#define STATE_MOVED_USEC   UINT64_C(10000)
#define STATE_TOLD_USEC    UINT64_C(100000)
#define STATE_COUNTED_USEC UINT64_C(1000000)
#define STATE_RETRY_USEC   UINT64_C(1000000)

struct state_keeper {
	struct loop *loop;
	struct state *state; /* NULL: none is kept */
	struct state_file file;
	char *path; /* of the file; NULL: there is none */
	const struct outbox *outbox;
	struct loop_timer timer;
	struct loop_idle idle;
	enum state_change change; /* has not been written */
	uint64_t written_usec;    /* when it was tried last */
	struct {
		uint64_t delivered, dropped;
	} before;      /* counted by the process whose state was taken up */
	bool keep;     /* the file, at the end */
	bool failing;  /* the last write failed */
	bool taken_up; /* the state goes on from what another process has written */
};

/* When a change is to be written if the last write was at written_usec. */
uint64_t state_keeper_due(enum state_change change, uint64_t written_usec);

/*
 * Begins to keep the state of the guest whose notifications come to the socket at path, in the file that options name.
 * Returns 0, or -errno with the reason in failure: no memory, or a file in its place that is no state file. If the file cannot
 * be written, that is only logged.
 */
int state_keeper_start(struct state_keeper *keeper, struct loop *loop,
                       const struct bridge_options *options, const struct outbox *outbox,
                       const char *path, struct failure *failure);

void state_keeper_event(struct state_keeper *keeper, const struct vsn_event *event);

/* A connection that brought bytes has ended. */
void state_keeper_connection(struct state_keeper *keeper, const struct connection_end *end);

/* Writes the last state. exit_status: of the service; -1: it has none. */
void state_keeper_finish(struct state_keeper *keeper, int exit_status);

void state_keeper_deinit(struct state_keeper *keeper);

#endif
