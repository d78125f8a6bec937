/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the notifications of each kind. */
#ifndef STATS_H
#define STATS_H

#include "connection.h"

#include <stddef.h>
#include <stdio.h>

/* Who a notification comes from, which decides what may befall it. */
enum kind {
	KIND_PID1,    /* ignores an early answer and bytes from the host */
	KIND_PROGRAM, /* fails on either */
	KIND_BARRIER, /* a program's BARRIER=1, a connection of its own */
	KIND_BAD,     /* wrong on purpose: only bytes from the host are an error */
	KIND_COUNT,
};

struct tally {
	unsigned int sent;
	unsigned int answered;
	unsigned int early;   /* ENOTCONN: answered before shutdown */
	unsigned int ignored; /* EPROTO: answered by bytes, which PID 1 does not mind */
	unsigned int lost;    /* as --lose and --rst asked for */
	unsigned int failed;
	long *held_usec; /* of each one that was answered, by bytes or not */
	size_t held_room;
};

/* "pid1", "programs", "barriers" or "bad". */
const char *kind_name(enum kind kind);

/* Counts one notification. Returns @outcome's error if it has failed, else 0. */
int tally_count(struct tally *tally, enum kind kind, const struct outcome *outcome);

/* Adds what @from counted to @into. */
void tally_add(struct tally *into, const struct tally *from);

/* Prints the summary line. */
void tally_print(struct tally *tally, enum kind kind, FILE *file);

void tally_free(struct tally *tally);

#endif
