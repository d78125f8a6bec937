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
	char **complaints; /* an error line for each VM that cannot be shown */
	unsigned complaint_count;
};

/*
 * Reads the states of all VMs, sorted by name. A state file that cannot be read becomes a complaint. Returns 0, or a negative
 * errno. entries_free() frees them in any case.
 */
int entries_all(struct entries *entries, struct failure *failure);

/* Reads the state of each operand, in the order of operands, which a NULL ends. Likewise. */
int entries_named(struct entries *entries, char **operands, struct failure *failure);

/* Logs the complaints. Returns whether there are any. */
bool entries_complain(const struct entries *entries);

void entries_free(struct entries *entries);

#endif
