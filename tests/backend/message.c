/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the guest's PID 1 and its programs say, and how to tell which of them said it.
 *
 * Only STATUS reaches the host's manager as it was sent, so STATUS carries the messages' numbers.
 */
#include "message.h"

#include <stdio.h>
#include <string.h>

/* PID 1 announces a target once in TARGET_EVERY messages, and READY=1 once in READY_EVERY. */
#define TARGET_EVERY  10
#define READY_EVERY   50
#define TRICKLE_BYTES 24

static void set(struct message *message, enum kind kind, int length)
{
	message->kind = kind;
	message->length = length;
}

void message_pid1(struct message *message, unsigned int sender, unsigned int index,
                  unsigned int *sequence)
{
	static const char *const first[] = {"sysinit", "sockets", "timers", "basic"};
	char *text = message->bytes;
	size_t room = sizeof(message->bytes);
	int length;

	if (index < sizeof(first) / sizeof(first[0]))
		length = snprintf(text, room, "X_SYSTEMD_UNIT_ACTIVE=%s.target", first[index]);
	else if (index % READY_EVERY == READY_EVERY - 1)
		length = snprintf(text, room, "READY=1\nSTATUS=Ready.");
	else if (index % TARGET_EVERY == 0)
		length = snprintf(text, room, "X_SYSTEMD_UNIT_ACTIVE=t%u-%u.target", sender, index);
	else
		length = snprintf(text, room,
		                  "STATUS=(%u of 5) User job u%u-%u.service/start running (%us / "
		                  "no limit)...",
		                  index % 5 + 1, sender, (*sequence)++, index / 3);
	set(message, KIND_PID1, length);
}

void message_program(struct message *message, unsigned int sender, unsigned int *sequence)
{
	int length = snprintf(message->bytes, sizeof(message->bytes), "STATUS=p%u.%u", sender,
	                      (*sequence)++);

	set(message, KIND_PROGRAM, length);
}

void message_barrier(struct message *message)
{
	memcpy(message->bytes, "BARRIER=1", strlen("BARRIER=1"));
	set(message, KIND_BARRIER, strlen("BARRIER=1"));
}

void message_bad(struct message *message, enum bad_kind bad)
{
	static const char nul[] = "STATUS=bad\0nul\nREADY=1\0";
	char *text = message->bytes;

	memset(text, 'x', sizeof(message->bytes));
	memcpy(text, "STATUS=bad ", strlen("STATUS=bad "));
	set(message, KIND_BAD, 0);
	switch (bad) {
	case BAD_EMPTY:
	case BAD_HANG:
	case BAD_COUNT:
		break;
	case BAD_RESET:
	case BAD_TRICKLE:
		message->length = TRICKLE_BYTES;
		break;
	case BAD_OVERSIZE:
		message->length = sizeof(message->bytes);
		break;
	case BAD_NUL:
		memcpy(text, nul, sizeof(nul) - 1);
		message->length = sizeof(nul) - 1;
		break;
	}
}

const char *bad_kind_name(enum bad_kind bad)
{
	static const char *const names[BAD_COUNT] = {
		[BAD_EMPTY] = "empty",       [BAD_RESET] = "reset", [BAD_HANG] = "hang",
		[BAD_OVERSIZE] = "oversize", [BAD_NUL] = "nul",     [BAD_TRICKLE] = "trickle",
	};

	return names[bad];
}

static bool contains(const char *bytes, size_t length, const char *part)
{
	return memmem(bytes, length, part, strlen(part)) != NULL;
}

static bool equals(const char *bytes, size_t length, const char *text)
{
	return length == strlen(text) && memcmp(bytes, text, length) == 0;
}

static bool is_ready(const char *bytes, size_t length)
{
	return equals(bytes, length, "READY=1\nSTATUS=Ready.");
}

bool message_is_ready(const struct message *message)
{
	return is_ready(message->bytes, message->length);
}

enum kind message_classify(const char *bytes, size_t length)
{
	if (equals(bytes, length, "BARRIER=1"))
		return KIND_BARRIER;
	if (contains(bytes, length, "X_SYSTEMD_") || contains(bytes, length, "MONOTONIC_USEC=") ||
	    is_ready(bytes, length))
		return KIND_PID1;
	if (contains(bytes, length, "STATUS=") && contains(bytes, length, "User job ") &&
	    contains(bytes, length, " running ("))
		return KIND_PID1;
	return KIND_PROGRAM;
}
