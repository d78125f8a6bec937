/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is under way for one message of a guest.
 *
 * A connection (guest/connection.h) owns a delivery and hands it on: the bridge hands it to the plugins, and what a
 * plugin sends while it works on the message is queued in the outbox for the delivery's hold. So everybody on the way
 * is told whose message it is, and nobody has to remember it.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"

/* The longest message that a service manager takes, in bytes (systemd's NOTIFY_BUFFER_MAX, PIPE_BUF). */
#define MESSAGE_MAX 4096

/* The longest time that a guest is held for a service manager that does not take its message. */
#define HOLD_MAX_USEC UINT64_C(10000000)

/* Whether the sender does not mind an early answer, as PID 1. BYTE says that and more. */
static inline bool verdict_is_brief(enum vsn_verdict verdict)
{
	return verdict == VSN_VERDICT_BRIEF || verdict == VSN_VERDICT_BYTE;
}

/*
 * What the outbox still has to deal with for a message. "Dealt with" is delivered or dropped; for a barrier, returned.
 * The owner sets released when it begins to wait; until then it is NULL, so the owner is never called while it is still
 * handing its message on.
 */
struct hold {
	unsigned pending; /* datagrams and barriers that have not been dealt with */
	bool barrier;     /* one of them is, or was, a barrier */
	void (*released)(struct hold *hold); /* called when pending has come down to 0 */
};

/* Zero-initialise. The text belongs to the connection and is followed by a NUL that length does not count. */
struct delivery {
	uint64_t id;       /* number of the connection, from 1 */
	int64_t pid;       /* of the process that connected; -1: the kernel does not say */
	uint32_t uid;      /* likewise */
	uint32_t port;     /* of the sender in the guest; VSN_PORT_UNKNOWN: the VMM does not say */
	uint64_t now_usec; /* CLOCK_MONOTONIC, when the plugins were handed the message */
	const char *text;
	size_t length;
	enum vsn_verdict verdict; /* what the plugins say of these bytes, if judged */
	bool judged;              /* they have been asked since the last byte came */
	struct hold hold;
};

#endif
