/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest's PID 1 and its programs say, and how to tell which of them said it. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "stats.h"

#include <stdbool.h>
#include <stddef.h>

/* What is useful to send: the host's manager drops what is longer. */
#define MESSAGE_MAX 4096

/* Ways to send something wrong. */
enum bad_kind {
	BAD_EMPTY,    /* not one byte */
	BAD_RESET,    /* half a message, then the connection is reset */
	BAD_HANG,     /* connects and sends nothing */
	BAD_OVERSIZE, /* four times what is useful */
	BAD_NUL,      /* NUL bytes inside */
	BAD_TRICKLE,  /* a byte at a time */
	BAD_COUNT,
};

struct message {
	enum kind kind;
	size_t length;
	char bytes[4 * MESSAGE_MAX];
};

/*
 * The message @index of PID 1 number @sender: its targets, its STATUS while jobs wait, now and
 * then READY=1. STATUS carries the sender and *@sequence, and counts *@sequence up.
 */
void message_pid1(struct message *message, unsigned int sender, unsigned int index,
                  unsigned int *sequence);

/* STATUS=p<sender>.<sequence>, as systemd-notify sends it. */
void message_program(struct message *message, unsigned int sender, unsigned int *sequence);

/* What systemd-notify sends behind each message of its own. */
void message_barrier(struct message *message);

void message_bad(struct message *message, enum bad_kind bad);

/* Whether PID 1 says that the guest is ready. */
bool message_is_ready(const struct message *message);

/* The name as --bad= takes it. */
const char *bad_kind_name(enum bad_kind bad);

/* Whose message this is: PID 1's, a program's, or a barrier. */
enum kind message_classify(const char *bytes, size_t length);

#endif
