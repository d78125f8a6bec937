/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a process lives, and whether it descends from another, as the kernel tells: by a pidfd (base/pidfd.h) or, on older kernels, by
 * proc(5). A pidfd needs no /proc. /proc may hide processes (ProtectProc=invisible in a unit), and a process that is
 * confined by landlock(7) sees no other process there.
 */
#ifndef DESCENT_H
#define DESCENT_H

#include <stdbool.h>
#include <sys/types.h>

/* The parent's pid, or 0 if it cannot be found out in this way. */
pid_t peer_parent_by_pidfd(pid_t pid);
pid_t peer_parent_by_proc(int proc_fd, pid_t pid);

/* Whether the process is there and has not ended. false if the kernel does not tell (pidfd_open(2), kernel 5.3). */
bool peer_lives(pid_t pid);

/* Whether pid is ancestor or one of its descendants. proc_fd: of /proc; negative: there is none. */
bool peer_descends(int proc_fd, pid_t pid, pid_t ancestor);

#endif
