/* SPDX-License-Identifier: Apache-2.0 */
/* Which refused field names have been logged already: each is said once. Bounded memory. */
#ifndef REFUSED_H
#define REFUSED_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

#define REFUSED_NAMES_MAX 32

/* Zero-initialise. Names are kept as hashes: a guest chooses how long they are. */
struct refused {
	uint32_t hashes[REFUSED_NAMES_MAX];
	unsigned count;
};

/* Whether this name is refused for the first time; false too once there is no more room. */
bool refused_first_time(struct refused *refused, const struct field *field);

#endif
