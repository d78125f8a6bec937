/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message of the guest's into what the service manager is told. Pure but for the guest's life
 * (life.h), which it moves on.
 *
 * A message becomes at most one datagram: the fields that may pass, each once (of a field that comes
 * twice the first counts, as in systemd's manager), in the guest's order, READY=1 only where the
 * guest is ready. Readiness that comes of another message, or of time, is a datagram READY=1.
 */
#ifndef TRANSLATE_H
#define TRANSLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"
#include "life.h"
#include "story.h"
#include "translation.h"

/* Told in place of the guest's own status where it is in emergency or rescue mode. */
#define TRANSLATE_EMERGENCY_STATUS "STATUS=Guest is in emergency mode, not ready."

/* Called for each field as it is read: X_SYSTEMD_* and refused ones included. */
typedef void (*translate_seen)(void *user, const struct field *field, bool refused);

/*
 * length: as fields_length() gives it. story: what is told beyond the message's own fields. seen may
 * be NULL.
 */
void translate_message(struct life *life, struct story *story, const char *text, size_t length,
                       uint64_t now_usec, struct translation *translation, translate_seen seen,
                       void *user);

/* The clock has come to now_usec. */
void translate_time(struct life *life, struct story *story, uint64_t now_usec,
                    struct translation *translation);

#endif
