/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of one guest, as its state file shows it (docs/vsock-notify.state.5). Pure: events and the ends of connections
 * change it, and state_format.h writes it as a text and reads that text.
 *
 * It records the edges of the guest's life that the notify plugin emits (docs/architecture.md, "One life"), and decides
 * nothing by itself:
 *
 *   waiting    the guest has not spoken
 *   booting    it has spoken, and is not ready
 *   ready
 *   emergency  in emergency or rescue mode
 *   stopping   it shuts down or reboots
 *   stopped    its VM has ended; under "serve", which does not see that, the guest has said its exit status
 *   panicked   its kernel has panicked
 *
 * When a new life begins, everything that the last one said is void. Counters and what was refused stay, except for what is
 * named "life".
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "include/vsock-notify-plugin.h"
#include "state_facts.h"

/* Version of the file's format. A program does not read a newer one than its own. */
#define STATE_VERSION 1

#define STATE_NAME_MAX   256
#define STATE_PATH_MAX   512
#define STATE_WAY_MAX    32
#define STATE_STATUS_MAX 4096

/* This many of a life's first notifications are recorded one by one. */
#define STATE_HELD_MAX 96

/* The times of this many of a life's first lost messages are recorded. */
#define STATE_LOST_MAX 16

enum state_life {
	STATE_WAITING,
	STATE_BOOTING,
	STATE_READY,
	STATE_EMERGENCY,
	STATE_STOPPING,
	STATE_STOPPED,
	STATE_PANICKED
};

/* How much a change matters to readers, and so how soon it is written. Larger is sooner. */
enum state_change {
	STATE_SAME,
	STATE_COUNTED, /* a counter */
	STATE_TOLD,    /* a status text */
	STATE_MOVED    /* something that "wait" can wait for */
};

/* How long a notification held the guest. */
struct state_held {
	uint64_t accepted_usec;
	uint32_t held_usec;
	uint32_t bytes;
};

/* The process that writes the file, so that a reader can find out whether it still runs. */
struct state_writer_id {
	pid_t pid;
	uint64_t start_ticks;   /* proc_pid_stat(5), starttime */
	uint64_t pid_namespace; /* inode of its PID namespace: in another one pid means nothing */
};

/* Times are CLOCK_MONOTONIC in microseconds, 0: not yet. */
struct state {
	char name[STATE_NAME_MAX];
	char vsock[STATE_PATH_MAX];
	uint32_t port;
	struct state_writer_id writer;
	uint64_t realtime_usec; /* CLOCK_REALTIME where CLOCK_MONOTONIC is 0 */
	bool has_vmm;           /* "run" has started the VMM and sees its end */
	pid_t vmm_pid;          /* 0: none, or not known */
	pid_t process;          /* that connects for the guest; 0: not known */
	uint64_t process_id;    /* tells it from a later process of the same pid; 0: not known */

	enum state_life life;
	uint64_t since_usec; /* life is what it is */
	uint64_t listening_usec;
	uint64_t started_usec; /* this life: the VMM's start, or the reboot */
	uint64_t first_usec;   /* first word of this life */
	uint64_t ready_usec;
	bool ready_inferred; /* its READY=1 was lost */
	uint32_t boots;      /* lives, from the first word of the first on */
	bool paused;
	enum state_life
		last_life; /* of a state that its keeper has ended: what it was; else WAITING */
	uint64_t last_since_usec; /* and since when */
	int exit_status;          /* -1: not said */
	char way[STATE_WAY_MAX];

	uint64_t connections; /* that brought bytes, and have ended */
	uint64_t delivered;   /* datagrams that the service manager took */
	uint64_t dropped;
	uint64_t refused;       /* fields */
	uint64_t lost_messages; /* connections that the VMM made and that ended without a byte */
	uint64_t life_lost_messages; /* those of this life */
	uint64_t held_usec;          /* all of them together */
	uint32_t held_max_usec;
	int64_t guest_port; /* of the last that told its own; -1: unknown */

	struct state_held held[STATE_HELD_MAX];
	unsigned held_count;
	uint64_t lost_usec[STATE_LOST_MAX]; /* when the first messages of this life were lost */
	unsigned lost_count;
	struct state_facts facts;
	char status[STATE_STATUS_MAX + 1];
};

/*
 * Makes it the state of a guest of which nothing is known. *state must be all zeros; most of it is not written to, so pages
 * that come from mmap(2) stay untouched.
 */
void state_init(struct state *state, uint64_t now_usec);

/* Records an event. Types that do not concern the state change nothing. */
enum state_change state_event(struct state *state, const struct vsn_event *event);

/* A connection that brought bytes has ended. guest_port: -1 if it is not known. */
enum state_change state_connection(struct state *state, const struct state_held *held,
                                   int64_t guest_port);

/*
 * The process that keeps the state ends, and with it life, which last_life keeps. exit_status: of the service; -1: it has
 * none.
 */
void state_end(struct state *state, int exit_status, uint64_t now_usec);

/* The last value in this life of the field of that name; NULL: the guest has not sent it. */
const char *state_field(const struct state *state, const char *name);

/* "waiting", ... */
const char *state_life_name(enum state_life life);

/* Returns false if that is no life's name. */
bool state_life_parse(const char *name, enum state_life *life);

#endif
