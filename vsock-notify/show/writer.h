/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the process that writes a state file is still alive: a writer that is killed leaves its file behind. The process id may
 * belong to another process by then, so the file also has the time when the writer started. In another PID namespace
 * the id means nothing, so the answer is WRITER_UNKNOWN.
 */
#ifndef WRITER_H
#define WRITER_H

#include "state/state.h"

enum writer {
	WRITER_UNKNOWN, /* another PID namespace, or /proc hides the process */
	WRITER_ALIVE,
	WRITER_GONE
};

/*
 * Looks whether the writer is alive. If it is, and fd is not NULL, *fd becomes a pidfd_open(2) descriptor that is readable at
 * the writer's end; the caller closes it. Otherwise, or if the kernel has no pidfds, *fd becomes -1.
 */
enum writer writer_look(const struct state_writer_id *id, int *fd);

#endif
