/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The children that a launcher has left behind. This process is a subreaper (PR_SET_CHILD_SUBREAPER, prctl(2)): when a
 * program that it started exits, that program's children become its own. One of them can be the VMM: jailer --new-pid-ns,
 * qemu -daemonize, or a script that starts it in the background.
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A VMM and its helpers are few. What a host has more of is not looked at. */
#define CHILDREN_MAX 32

struct child {
	pid_t pid;
	char name
		[16]; /* as in /proc/PID/comm, proc(5): at most 15 bytes, "" if it cannot be read */
};

/*
 * Lists this process's children, oldest first. proc_fd: of /proc. Returns their number, or a negative errno: a kernel without
 * CONFIG_PROC_CHILDREN does not tell.
 */
int children_list(int proc_fd, struct child children[CHILDREN_MAX]);

struct children_wanted {
	const char *program; /* the VMM's */
	pid_t connected;     /* the process that has connected for the guest; 0: none has */
	pid_t except;        /* a child that no launcher left; 0: none */
	bool any; /* what has ended was a launcher: a child that has not connected will do */
};

/*
 * Chooses the VMM among children: the one that has connected for the guest, else the one whose name is the VMM's program, else
 * the last one, which the launcher started last. A VMM may leave helpers behind when it ends, so without wanted->any it is
 * only the first of these. Returns NULL if it is none. Pure.
 */
const struct child *children_choose(const struct child *children, size_t count,
                                    const struct children_wanted *wanted);

#endif
