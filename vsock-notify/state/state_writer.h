/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who writes a state file, so that whoever reads it can find out whether it still does: a process id alone may be another's
 * by then. Both sides ask here.
 */
#ifndef STATE_WRITER_H
#define STATE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* When that process started, proc_pid_stat(5), starttime. Returns false where that cannot be read. */
bool state_writer_start(pid_t pid, uint64_t *ticks);

/* The inode of this process's PID namespace; 0: unknown. */
uint64_t state_writer_namespace(void);

#endif
