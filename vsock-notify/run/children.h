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
	const char *program; /* the VMM's, also with a path */
	pid_t connected; /* this one has connected for the guest: it is the VMM; 0: none is known */
	bool named;      /* a child with the program's name will do */
	bool any;        /* any child will do */
	pid_t except;    /* but for this one; 0: no exception */
};

/*
 * Chooses the VMM among children: the one that has connected, else, as far as it will do, the one with the program's name, else the
 * last one, which the launcher started last. Returns NULL if none will do. Pure.
 */
const struct child *children_choose(const struct child *children, size_t count,
                                    const struct children_wanted *wanted);

#endif
