/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the process that keeps a state is still there: one that was killed leaves its file. A process id alone may be
 * another's by now, so the time of its start is part of what the file says; and it means nothing in another PID
 * namespace, about which nothing is said.
 */
#ifndef WRITER_H
#define WRITER_H

#include "state/state.h"

enum writer {
	WRITER_UNKNOWN, /* it cannot be known from here */
	WRITER_ALIVE,
	WRITER_GONE
};

/*
 * Finds it out. Where it is alive, *fd (unless fd is NULL) is a descriptor, to be closed, that becomes readable at its
 * end; else, or where the kernel has none (pidfd_open(2)), -1.
 */
enum writer writer_look(const struct state_writer_id *id, int *fd);

/* "running", "gone", "unknown" */
const char *writer_name(enum writer writer);

#endif
