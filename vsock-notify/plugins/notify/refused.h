/* SPDX-License-Identifier: Apache-2.0 */
/* Counts refused fields by name: the first of each name is logged, and all counts at the end. Memory is bounded. */
#ifndef REFUSED_H
#define REFUSED_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

#define REFUSED_NAMES_MAX 32

/* So much of a name is kept: the longest of sd_notify(3) has 19 characters. */
#define REFUSED_NAME_LENGTH 31

/* Zero-initialise. */
struct refused {
	struct refused_name {
		char name[REFUSED_NAME_LENGTH + 1]; /* escaped when it is logged */
		uint64_t count;
	} names[REFUSED_NAMES_MAX];
	unsigned count;
	uint64_t others; /* fields whose names found no room */
};

/* Counts the field. Returns true if its name is refused for the first time; false if there is no room for the name. */
bool refused_first_time(struct refused *refused, const struct field *field);

#endif
