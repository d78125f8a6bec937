/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a process from a later one that has the same pid.
 *
 * The inode of a pidfd is unique for the whole boot (pidfs, Linux 6.9). Any process may ask for it, also where /proc is
 * hidden (ProtectProc=) or cannot be opened (confinement). On older kernels it is the start time of proc_pid_stat(5).
 */
#ifndef STATE_PROCESS_H
#define STATE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A number for the process that has this pid now; 0: there is none, or its number cannot be found out. */
uint64_t state_process_id(pid_t pid);

/*
 * Stores when that process started (starttime of proc_pid_stat(5)). Returns false if that cannot be read. With it a reader
 * of a state file finds out whether the file's writer still runs.
 */
bool state_process_start(pid_t pid, uint64_t *ticks);

/* The inode of this process's PID namespace; 0: unknown. In another namespace a pid means nothing. */
uint64_t state_process_namespace(void);

/* CLOCK_REALTIME at the time when CLOCK_MONOTONIC was 0, by what both say now. */
uint64_t state_realtime_of_boot(void);

#endif
