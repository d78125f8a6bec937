/* SPDX-License-Identifier: Apache-2.0 */
/* One connection from a guest's process through the VMM to the host, played in time. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "guest-socket.h"
#include "latency.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#define PIECES_MAX 32

/* Where the VMM connects to, and what it is like. */
struct backend {
	struct sockaddr_un address;
	enum backend_mode mode;
	long connect_wait_usec; /* how long to wait for somebody to listen */
};

/* What the guest's process does with its connection. */
enum manner {
	MANNER_NOTIFY, /* send, shutdown, recv until the host closes: systemd from 256 on */
	MANNER_LEAVE,  /* send, close: early releases of systemd 254 */
	MANNER_HANG,   /* send, recv, with no shutdown */
};

/* A connection's whole course, drawn beforehand so that a seed repeats it. */
struct plan {
	enum manner manner;
	size_t piece_count;
	size_t piece_length[PIECES_MAX];
	long before_piece_usec[PIECES_MAX]; /* the first one counts from connect */
	long before_shutdown_usec;
	long inbound_usec;  /* the host closes, until the guest sees it */
	long outbound_usec; /* the guest resets or closes, until the host sees EOF */
	long timeout_usec;  /* for recv */
	int release_fd;     /* readable: stop waiting; -1 for none */
};

struct outcome {
	int error;       /* 0 when answered, else a negative errno */
	long held_usec;  /* from connect until the process went on */
	bool lost;       /* the guest's connect failed, and not one byte reached the host */
	bool leaves_rst; /* an RST is on its way to the guest's port */
};

/*
 * Plays one connection that sends @bytes as @plan says. Errors: -ENOTCONN (answered before the
 * process had called shutdown), -EPROTO (bytes came from the host), -ETIMEDOUT (no answer),
 * -ECANCELED (released), -EPIPE (closed before the message was passed), -ECONNRESET (closed with
 * bytes unread), or what connect said.
 */
struct outcome connection_play(const struct backend *backend, const struct plan *plan,
                               const char *bytes);

/* Plays one connection that the guest is reset on while the VMM connects to the host. */
struct outcome connection_lose(const struct backend *backend, const struct plan *plan);

#endif
