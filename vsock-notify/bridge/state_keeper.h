/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps the state of the guest (state/state.h) and its file up to date, at the expense of nobody: a state is
 * written when the loop has nothing else to do, so that no guest waits for it, and no more often than
 * somebody who looks needs it.
 *
 *   somebody may wait for it (ready, a unit, a field)   at once, then STATE_MOVED_USEC apart
 *   a status text                                       STATE_TOLD_USEC after the last
 *   a counter                                           STATE_COUNTED_USEC after the last
 *
 * Nothing is written where nothing has changed. A file that cannot be written is complained of once, and
 * the guest's notifications go on.
 */
#ifndef STATE_KEEPER_H
#define STATE_KEEPER_H

#include "base/loop.h"
#include "bridge_options.h"
#include "guest/connection.h"
#include "manager/outbox.h"
#include "state/state_file.h"

#define STATE_MOVED_USEC   UINT64_C(10000)
#define STATE_TOLD_USEC    UINT64_C(100000)
#define STATE_COUNTED_USEC UINT64_C(1000000)

struct state_keeper {
	struct loop *loop;
	struct state *state; /* NULL: none is kept */
	struct state_file file;
	char *path; /* of the file; NULL: there is none */
	const struct outbox *outbox;
	struct loop_timer timer;
	struct loop_idle idle;
	enum state_change change; /* that is not written */
	uint64_t written_usec;
	bool keep; /* the file, at the end */
	bool complained;
};

/* When a change is to be written, where the last was at written_usec. */
uint64_t state_keeper_due(enum state_change change, uint64_t written_usec);

/*
 * How much of the path of a socket that is VSOCK_PORT is VSOCK; its port in *port, which stays where the path is none: one that a
 * service manager passes may be called anything.
 */
size_t state_keeper_vsock(const char *socket, uint32_t *port);

/* The name of a VM whose vsock socket is at that path, into name (STATE_NAME_MAX bytes). */
void state_keeper_name(char *name, const char *vsock);

/*
 * Begins to keep the state of the guest whose notifications come to the socket at path, which is of that
 * VSOCK's PORT. Returns 0, or a negative errno: -ENOMEM, or, with the failure set, STATE_FILE_FOREIGN. That it cannot be
 * written is only warned of.
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
