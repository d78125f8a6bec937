/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When is a message whole? The waiting rule, as a pure function of what is known.
 *
 * A guest sends a message, shuts its sending side down and waits until the host closes. Where the
 * backend passes the half-close on (cloud-hypervisor from 53), the shim reads EOF: that is the
 * truth, nothing else is needed. Where it does not (cloud-hypervisor up to 52, Firecracker,
 * vhost-device-vsock), only silence tells. The shim then waits after the last byte, shuts down its
 * own sending side, which makes the guest's kernel end the connection, and drains to EOF.
 *
 * How long to wait: shut down too early, and the guest's kernel resets the connection before the
 * guest has called shutdown(2) itself, whose sd_notify(3) then fails with ENOTCONN although the
 * message has arrived. Too late, and the guest stood still for nothing. Measured with a real
 * systemd 257 guest (emulated, one CPU), systemd-notify calls of 60 that failed:
 *
 *     wait       0    2 ms   10 ms   30 ms   100 ms
 *     idle host  3    1      0
 *     busy host                      1       0       (first byte: median 3-6 ms, max 150 ms)
 *
 * So no short wait is safe. But the guest's PID 1, whose every wait is boot time, only logs a line
 * when its sd_notify fails, and what it told has arrived: it is answered after twice the time this
 * connection took to bring its first byte (how slow this guest is right now), 2 ms at most. Any
 * other program is waited for patiently: 100 ms, or four times the slowest answer seen lately, 1 s
 * at most. Which of the two a sender is, the plugin tells from the bytes (enum vsn_verdict).
 */
#ifndef WAITING_RULE_H
#define WAITING_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "include/vsock-notify-plugin.h"

/* --framing */
enum waiting_mode {
	WAITING_AUTO,  /* wait for EOF once the backend has passed one, else as above */
	WAITING_EOF,   /* always wait for EOF */
	WAITING_SETTLE /* wait for a fixed time */
};

/* The words for them; what ends in ':' goes on with microseconds. */
extern const struct option_choice waiting_modes[];

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

/* Do not answer before EOF. */
#define WAITING_FOR_EOF UINT32_MAX

/* How many of the latest response times are remembered. */
#define WAITING_HISTORY 16

/* What is known of a backend; forgotten when another process connects. Zero-initialise. */
struct backend {
	int64_t pid; /* the connecting process, by SO_PEERCRED; 0: none yet */
	bool passes_half_close;
	uint32_t recent_usec[WAITING_HISTORY];
	uint32_t next;
};

/* A connection came from pid: starts over if that is another process than before. */
void backend_seen_pid(struct backend *backend, int64_t pid);

/* The guest took this long to answer something (bring its first byte; end after SHUT_WR). */
void backend_seen_response(struct backend *backend, uint64_t usec);

/* The slowest of the remembered answers, microseconds. */
uint32_t backend_slowest_response(const struct backend *backend);

/*
 * Microseconds to wait after a message's last byte before shutting down, or WAITING_FOR_EOF.
 * first_byte_usec: from accept to first byte of this connection.
 */
uint32_t waiting_time(const struct waiting_options *options, const struct backend *backend,
                      enum vsn_verdict verdict, uint64_t first_byte_usec);

/*
 * Parses the value of --framing: "auto", "eof", "settle:USEC". Returns 0, or -EINVAL (not of that
 * form) or -ERANGE (USEC above WAITING_SETTLE_MAX_USEC).
 */
int waiting_options_parse(const char *text, struct waiting_options *options);

#endif
