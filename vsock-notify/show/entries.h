/* SPDX-License-Identifier: Apache-2.0 */
/* The states that "status" shows: of all VMs in the runtime directory (runtime.h), or of those that operands name. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "base/failure.h"
#include "state/state.h"
#include "writer.h"

/* One VM. */
struct entry {
	char *path; /* of the state file */
	struct state *state;
	enum writer writer;
	int process_fd; /* pidfd of the writer; -1: none */
};

struct entries {
	struct entry *list;
	unsigned count;
	bool complained; /* a VM that cannot be shown was logged */
};

/*
 * Reads the states of all VMs, sorted by name. A state file that cannot be read is logged. Returns 0, or a negative
 * errno. entries_free() frees them in any case.
 */
int entries_all(struct entries *entries, struct failure *failure);

/* Reads the state of each operand, in the order of operands, which a NULL ends. Likewise. */
int entries_named(struct entries *entries, char **operands, struct failure *failure);

void entries_free(struct entries *entries);

#endif
