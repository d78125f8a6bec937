/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When is a message whole? The waiting rule, as a pure function of what is known.
 *
 * A guest sends a message, shuts its sending side down and waits until the host closes. A backend that passes this
 * half-close on (cloud-hypervisor from 53) lets us read the end of file, and nothing else is needed. Where it does not
 * (cloud-hypervisor up to 52, Firecracker, vhost-device-vsock), only silence tells. Then we wait after the last byte, shut
 * down our own sending side, which makes the guest's kernel end the connection, and drain to the end of file.
 *
 * How long to wait: if we shut down too early, the guest's kernel resets the connection before the guest has called
 * shutdown(2) itself, and its sd_notify(3) fails with ENOTCONN although the message has arrived. If we shut down too late,
 * the guest has waited for nothing. Measured with a real systemd 257 guest (emulated, one CPU), systemd-notify calls of 60
 * that failed:
 *
 *     wait       0    2 ms   10 ms   30 ms   100 ms
 *     idle host  3    1      0
 *     busy host                      1       0       (first byte: median 3-6 ms, max 150 ms)
 *
 * So no short wait is safe. But when its sd_notify fails, the guest's PID 1 only logs a line, its message has arrived, and
 * each of its waits is boot time. It is answered after twice the time that this connection took to bring its first byte
 * (which is how slow this guest is right now), 2 ms at most. Any other program is waited for patiently: 100 ms, or four
 * times the slowest answer seen lately, 1 s at most. Which of the two a sender is, a plugin tells from the bytes (enum
 * vsn_verdict).
 */
#ifndef WAITING_RULE_H
#define WAITING_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"

/* The modes of --framing. */
enum waiting_mode {
	WAITING_AUTO, /* wait for the end of file once the backend has passed one on, else as above */
	WAITING_EOF,   /* always wait for the end of file */
	WAITING_SETTLE /* wait for a fixed time */
};

struct waiting_options {
	enum waiting_mode mode;
	uint32_t settle_usec; /* WAITING_SETTLE only */
};

#define WAITING_BRIEF_MIN_USEC   500
#define WAITING_BRIEF_MAX_USEC   2000
#define WAITING_PATIENT_MIN_USEC 100000
#define WAITING_PATIENT_MAX_USEC 1000000

/* The longest --framing=settle:USEC that makes sense. */
#define WAITING_SETTLE_MAX_USEC 5000000

/* Do not answer before the end of file. */
#define WAITING_FOR_EOF UINT32_MAX

/* How many of the latest response times are remembered. */
#define WAITING_HISTORY 16

/* What is known of a backend. It is forgotten when another process connects. Zero-initialise. */
struct backend {
	int64_t pid; /* the process that connected last, by SO_PEERCRED; 0: none yet */
	bool stays;  /* it has connected more than once in a row */
	bool passes_half_close;
	uint32_t recent_usec[WAITING_HISTORY];
	uint32_t next;
};

/*
 * Process pid has connected. If it is another process than before, what was learned is forgotten. Returns whether the
 * guest's VMM may have been replaced: for the first process, and for another one if the process before had connected at
 * least twice. A VMM connects for each message; a process that connected once may be a client in a script, such as socat.
 */
bool backend_seen_pid(struct backend *backend, int64_t pid);

/* The guest took this long to answer: to send its first byte, or to end after our SHUT_WR. */
void backend_seen_response(struct backend *backend, uint64_t usec);

/* The slowest of the remembered answers, microseconds. */
uint32_t backend_slowest_response(const struct backend *backend);

/*
 * Microseconds to wait after a message's last byte before we shut down, or WAITING_FOR_EOF. first_byte_usec: from accept to
 * the first byte of this connection.
 */
uint32_t waiting_time(const struct waiting_options *options, const struct backend *backend,
                      enum vsn_verdict verdict, uint64_t first_byte_usec);

#endif
