/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns one message of the guest into what the service manager is told. Pure: what it learns of the guest is kept in struct
 * guest.
 *
 * A message becomes at most one datagram: the fields that may pass, each once, in the guest's order. If a field comes twice, the
 * first counts, as in systemd's manager. READY=1 is passed on only if the guest is ready (life.h). If a later message or the
 * time makes the guest ready, a READY=1 of our own is added to that message's datagram, or is one by itself.
 *
 * A guest that announces its units ends with X_SYSTEMD_SHUTDOWN=, so a STOPPING=1 there comes from some program and is
 * refused.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"
#include "guest.h"
#include "outgoing.h"

/* The STATUS= of a guest in emergency or rescue mode. It replaces the guest's own. */
#define MESSAGE_EMERGENCY "Guest is in emergency mode, not ready."

/* The STATUS= when the emergency is over. */
#define MESSAGE_RECOVERED "Guest has left emergency mode."

/* The STATUS= if READY=1 was lost and readiness was inferred (infer.h). */
#define MESSAGE_INFERRED "Guest is ready: its default target is active, READY=1 was lost."

/* Called for each field as it is read, also for X_SYSTEMD_* and for refused fields. */
typedef void (*message_seen)(void *user, const struct field *field, bool refused);

/* length: as fields_length() gives it. seen may be NULL. */
void message_translate(struct guest *guest, const char *text, size_t length, uint64_t now_usec,
                       struct outgoing *outgoing, message_seen seen, void *user);

/* The clock has come to now_usec. */
void message_time(struct guest *guest, uint64_t now_usec, struct outgoing *outgoing);

/* Something has happened to the VM. */
void message_event(struct guest *guest, const struct vsn_event *event, struct outgoing *outgoing);

#endif
