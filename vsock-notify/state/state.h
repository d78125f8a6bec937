/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one guest, as its state file has it (docs/vsock-notify.state.5). Pure: events go in, of
 * plugins and of connections, and state_write.h makes a text of it, which state_read.h reads.
 *
 *   waiting    nothing has come from the guest
 *   booting    it has spoken, and is not ready
 *   ready
 *   emergency  in emergency or rescue mode
 *   stopping   it shuts down, or is about to live again
 *   stopped    its VM has ended, or, where only the guest is seen, it has said its last word
 *   panicked   its kernel has
 *
 * A new life (a reboot) makes all void that the last one said, but for the counters and what was refused.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "include/vsock-notify-plugin.h"
#include "state_facts.h"

/* Of the file's format. A newer one is read by a newer program. */
#define STATE_VERSION 1

#define STATE_NAME_MAX   256
#define STATE_PATH_MAX   512
#define STATE_WAY_MAX    32
#define STATE_STATUS_MAX 4096

/* Of a life's notifications the first so many are kept one by one. */
#define STATE_HELD_MAX 96

enum state_life {
	STATE_WAITING,
	STATE_BOOTING,
	STATE_READY,
	STATE_EMERGENCY,
	STATE_STOPPING,
	STATE_STOPPED,
	STATE_PANICKED
};

/* How much a change matters to those who look: how soon it is to be written. */
enum state_change {
	STATE_SAME,
	STATE_COUNTED, /* a counter */
	STATE_TOLD,    /* a status text */
	STATE_MOVED    /* what somebody may wait for */
};

/* How long a notification held the guest. */
struct state_held {
	uint64_t accepted_usec;
	uint32_t held_usec;
	uint32_t bytes;
};

/* Who writes the file, to find out whether it still does. */
struct state_writer_id {
	pid_t pid;
	uint64_t start_ticks;   /* proc_pid_stat(5), starttime */
	uint64_t pid_namespace; /* inode of it: in another, pid means nothing */
};

/* Times are CLOCK_MONOTONIC in microseconds, 0: not yet. */
struct state {
	char name[STATE_NAME_MAX];
	char vsock[STATE_PATH_MAX];
	uint32_t port;
	struct state_writer_id writer;
	uint64_t realtime_usec; /* CLOCK_REALTIME where CLOCK_MONOTONIC is 0 */
	bool has_vmm;           /* its VMM's end is seen */
	pid_t vmm_pid;          /* 0: none, or not known */
	pid_t process;          /* that connects for the guest; 0: not known */
	uint64_t process_id;    /* tells it from a later process of the same pid; 0: not known */

	enum state_life life;
	uint64_t since_usec; /* life is what it is */
	uint64_t listening_usec;
	uint64_t started_usec; /* this life: the VMM's start, or the reboot */
	uint64_t first_usec;   /* first word of this life */
	uint64_t ready_usec;
	uint32_t boots; /* lives, from the first word of the first on */
	bool paused;
	enum state_life
		last_life; /* of a state that its keeper has ended: what it was; else WAITING */
	uint64_t last_since_usec; /* and since when */
	int exit_status;          /* -1: not said */
	char way[STATE_WAY_MAX];

	uint64_t connections; /* that brought bytes, and have ended */
	uint64_t delivered;   /* datagrams that the service manager took */
	uint64_t dropped;
	uint64_t refused;   /* fields */
	uint64_t held_usec; /* all of them together */
	uint32_t held_max_usec;
	int64_t guest_port; /* of the last that told its own; -1: unknown */

	struct state_held held[STATE_HELD_MAX];
	unsigned held_count;
	struct state_facts facts;
	char status[STATE_STATUS_MAX + 1];
};

/*
 * A guest that nothing is known of. *state is all zeros: not to touch its pages is what a resident process
 * gets them of mmap(2) for.
 */
void state_init(struct state *state, uint64_t now_usec);

/* Something has happened. Events of types that mean nothing to it change nothing. */
enum state_change state_event(struct state *state, const struct vsn_event *event);

/* A connection that brought bytes has ended. guest_port: -1 where it is not known. */
enum state_change state_connection(struct state *state, const struct state_held *held,
                                   int64_t guest_port);

/*
 * The process that keeps the state ends, and with it life, which last_life keeps. exit_status: of the service; -1: it has
 * none.
 */
void state_end(struct state *state, int exit_status, uint64_t now_usec);

/* The value of the last field of that name that came in this life; NULL: none did. */
const char *state_field(const struct state *state, const char *name);

/* "waiting", ... */
const char *state_life_name(enum state_life life);

/* Returns whether it is one. */
bool state_life_parse(const char *name, enum state_life *life);

#endif
