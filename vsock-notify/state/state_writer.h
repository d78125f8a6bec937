/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identifies the process that writes a state file, so that a reader can find out whether it still runs. A pid alone does not:
 * a later process may have got the same one. The writer and the reader both call these.
 */
#ifndef STATE_WRITER_H
#define STATE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Stores when that process started (starttime of proc_pid_stat(5)). Returns false if that cannot be read. */
bool state_writer_start(pid_t pid, uint64_t *ticks);

/* The inode of this process's PID namespace; 0: unknown. */
uint64_t state_writer_namespace(void);

#endif
