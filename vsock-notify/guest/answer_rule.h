/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How is a guest answered? By the end of its connection, or by a byte before that end. A pure function of what is known.
 *
 * sd_notify(3) sends a message, shuts its sending side down and waits in recv(2) until the host closes (early releases of systemd
 * 254 send and close at once). If recv(2) returns 0, sd_notify has succeeded. If it returns a byte, sd_notify fails with EPROTO
 * and closes its socket. For a program such as systemd-notify that is a failure. PID 1 ignores the result (src/core/manager.c,
 * main.c, shutdown.c of systemd 254 to 262). It logs a warning for two messages: for READY=1 "Failed to send readiness
 * notification, ignoring: Protocol error", and from 261 on for the list of what its services have stored, "Failed to propagate
 * fdstore-mapping to upstream supervisor: Protocol error". They are answered with a byte all the same: when READY=1 was ended by
 * us, the announcement of multi-user.target, which follows at once, was lost in 1 of 24 boots of a Linux guest.
 *
 * Why a byte is better for PID 1: sd_notify binds the highest free port below 1024 each time. If the host closes first, the
 * VMM tells the guest that both directions are shut down. The guest's kernel (virtio_transport_common.c) then resets the
 * connection and frees the port at once, and resets it a second time when the program closes its socket. The VMM has forgotten
 * the connection by then. cloud-hypervisor up to 53.0 and Firecracker answer this second RST with an RST of their own, and if
 * the guest has connected again from the same port meanwhile, that RST kills the new connection: a message is lost. A guest
 * that is sent a byte closes first. Its kernel keeps the port until the VMM's RST has come, the next connection takes another
 * port, and no RST is left over.
 *
 * Where the VMM does not pass half-closes on, a byte also ends the guessing of waiting_rule.h: it does not reset a connection
 * whose guest has not called shutdown(2) yet, so PID 1 is answered as soon as its bytes have come. The end of file still ends
 * the message. Where half-closes are passed on, the byte follows when the message has been dealt with.
 *
 * Measured with a Debian guest that announces 30 targets 24 times while it boots: docs/performance.md, "Linux guests".
 */
#ifndef ANSWER_RULE_H
#define ANSWER_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"

/* The modes of --answer. */
enum answer_mode {
	ANSWER_AUTO, /* a byte for senders that ignore it, unless the VMM is known not to need it */
	ANSWER_BYTE, /* a byte for senders that ignore it, whatever the VMM is */
	ANSWER_EOF   /* never a byte */
};

/* A guest that was sent a byte has so long to close its connection, before we do. */
#define ANSWER_LEAVE_USEC UINT64_C(500000)

/*
 * Whether a message's sender is sent a byte. port: the sender's, or VSN_PORT_UNKNOWN. A VMM that tells the guest's port has our
 * patches (docs/patches.md), and those keep it from answering an RST.
 */
bool answers_with_byte(enum answer_mode mode, uint32_t port, enum vsn_verdict verdict);

#endif
