/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's process: sends one notification after another, each when the last was answered. */
#ifndef SENDER_H
#define SENDER_H

#include "message.h"
#include "options.h"
#include "script.h"
#include "stats.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

/* What all senders share. */
struct run {
	const struct options *options;
	struct script script;
	int64_t start_usec;
	int release_fd;       /* readable once the good senders are through */
	atomic_uint sent;     /* good notifications, whatever became of them */
	atomic_uint failures; /* told so far */
};

enum sender_role {
	SENDER_PID1,
	SENDER_PROGRAM,
	SENDER_SCRIPT,
	SENDER_BAD,
};

struct sender {
	struct run *run;
	enum sender_role role;
	unsigned int index;     /* among those of its role */
	unsigned int count;     /* how many messages; a script has its own */
	enum bad_kind bad;      /* for SENDER_BAD */
	bool plays[KIND_COUNT]; /* for SENDER_SCRIPT: whose lines */
	struct prng prng;
	unsigned int sequence; /* messages numbered so far */
	unsigned int played;   /* messages so far, lost ones too */
	bool ready_is_lost;    /* --lose=ready has been done */
	bool meets_rst;        /* the last connection left an RST for the next one */
	struct tally tallies[KIND_COUNT];
	pthread_t thread;
};

/* The thread of one sender. Its argument is the struct sender; it returns NULL. */
void *sender_main(void *argument);

/* Prints 'sender NAME numbered=N' for a sender that numbers its messages. */
void sender_print(const struct sender *sender, FILE *file);

#endif
