/* SPDX-License-Identifier: Apache-2.0 */
/* What one message says of the guest's life: facts for life.h to decide by, without a memory of earlier messages. Pure. */
#ifndef LIFE_FACTS_H
#define LIFE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fields.h"

/* All is zero if a step of the life follows from an event or a deadline. The fields are views into the message. */
struct life_facts {
	bool sign_of_life; /* the step follows from a message */
	unsigned fields;
	unsigned malformed; /* lines that are no assignment */
	bool systemd;       /* it has an X_SYSTEMD_ field: PID 1 speaks */
	bool ready;
	bool reloading;
	bool extends;             /* it has an EXTEND_TIMEOUT_USEC= of its own */
	unsigned once;            /* what PID 1 says once a life, as bits */
	struct field exit_status; /* the first EXIT_STATUS=; name NULL: not said */
	struct field shutdown;    /* value: the way it shuts down; name NULL: not said */
	struct field reached;     /* value: the last unit that became active; name NULL: none */
};

/* length: as fields_length() gives it. */
struct life_facts life_facts_find(const char *text, size_t length);

/* The bit of a field that PID 1 sends once a life, when it has set up what the field tells. 0: it is another field. */
unsigned life_once_bit(const struct field *field);

/* Whether X_SYSTEMD_SHUTDOWN=way means that the guest lives again in the same VM. */
bool life_is_reboot(const struct field *way);

/* The event that tells a field of PID 1's by itself, UNIT_ACTIVE, UNIT_INACTIVE or HOSTNAME; 0: none does. */
int life_field_event(const struct field *field);

#endif
