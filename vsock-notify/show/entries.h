/* SPDX-License-Identifier: Apache-2.0 */
/* The states of all VMs in the runtime directory (runtime.h), or of one. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "state/state.h"
#include "writer.h"

struct entry {
	char *path;
	struct state *state;
	enum writer writer;
	int process_fd; /* of the writer; -1: none */
};

struct entries {
	struct entry *list; /* by name */
	unsigned count;
	unsigned bad; /* files that are states, and that could not be read: each is an error line */
};

/* All that there are. Returns 0, or a negative errno after an error line. To be freed in any case. */
int entries_all(struct entries *entries);

/* That of an operand. Likewise; that there is none is an error. */
int entries_one(struct entries *entries, const char *operand);

void entries_free(struct entries *entries);

#endif
