/* SPDX-License-Identifier: Apache-2.0 */
/* What was refused, counted by field: each is said once, and all of it at the end. Bounded memory. */
#ifndef REFUSED_H
#define REFUSED_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

#define REFUSED_NAMES_MAX 32

/* Of a name, what is kept: the longest of sd_notify(3) has 19 characters. */
#define REFUSED_NAME_LENGTH 31

/* Zero-initialise. */
struct refused {
	struct refused_name {
		char name[REFUSED_NAME_LENGTH + 1]; /* escaped when it is logged */
		uint64_t count;
	} names[REFUSED_NAMES_MAX];
	unsigned count;
	uint64_t others; /* of names for which there was no more room */
};

/* Counts it. Returns whether this name is refused for the first time; false once there is no more room. */
bool refused_first_time(struct refused *refused, const struct field *field);

#endif
