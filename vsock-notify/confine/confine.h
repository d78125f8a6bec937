/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confinement: the process gives up its rights after it has been set up and before it reads the first byte from a guest. A
 * guest that takes the process over can then do little with it. The stages, in order; messages use their names:
 *
 *   filter          makes the seccomp filter, while a program can still be executed
 *   descriptors     closes inherited descriptors
 *   capabilities    drops all capabilities, except those that root needs for cleaning up (see below)
 *   no-new-privs    PR_SET_NO_NEW_PRIVS: no program that is executed gains privileges
 *   dumpable        PR_SET_DUMPABLE 0: no core dump, no ptrace(2) by other processes of the same user
 *   limits          RLIMIT_CORE 0; RLIMIT_NOFILE as many as the connections need
 *   landlock        no files except the state file and the removal of its own sockets; no TCP; no abstract sockets and no
 *                   signals unless they are needed, landlock(7)
 *   seccomp         only the system calls of the loop, confine_calls.c
 *
 * The VMM is started before that and is not confined. If the kernel does not support a stage, a warning names it and the
 * process goes on. If a stage fails, that is an error, because the process must not run as if it were confined.
 *
 * If root runs it, two capabilities may stay. "run" keeps CAP_KILL and CAP_DAC_OVERRIDE, because the VMM may have changed
 * its user: "run" sends signals to it, connects to its API socket and removes its sockets. "serve" keeps CAP_DAC_OVERRIDE
 * only if another user owns the socket's folder. With landlock, CAP_DAC_OVERRIDE allows nothing else.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/failure.h"
#include "include/vsock-notify-plugin.h"

struct sock_filter;

/* The number of descriptors that may be connected later. */
#define CONFINE_CONNECTS_MAX 4

struct confinement {
	const struct vsn_needs *const *needs; /* of plugins; they stay allowed */
	unsigned need_count;
	int keep_fd;                /* an inherited descriptor that stays open; negative: none */
	const char *socket;         /* path that is removed at exit; NULL: none */
	const char *vmm_sockets[2]; /* paths that are removed at exit; NULL: unused */
	const char *folder;         /* path that is removed at exit; NULL: none */
	pid_t self;                 /* this process, which may abort(3) */
	pid_t vmm;                  /* may be signalled; 0: none */
	bool vmm_forks;   /* the VMM will be another process: every process may be signalled */
	int proc_fd;      /* of /proc; files below it are read; negative: none */
	int state_folder; /* a file in it is replaced; negative: none */
	int journal_fd;   /* asked at exit for bytes that are not read; negative: none */
	int connects[CONFINE_CONNECTS_MAX]; /* sockets that may be connected; negative: unused */
	bool vsock;                         /* AF_VSOCK sockets may be made and connected */
	bool abstract;                      /* datagrams go to an abstract socket */
	uint32_t connections;
	/* The stages make and use this. */
	struct sock_filter *filter;
	size_t filter_length; /* instructions */
};

/* Sets every member to "unused". */
void confinement_init(struct confinement *confinement);

/* Whether this build confines itself by default. A build with a sanitizer does not: the sanitizer needs more rights. */
bool confine_by_default(void);

/* Goes through the stages. Returns 0, or a negative errno with the failure set. */
int confine(struct confinement *confinement, struct failure *failure);

/* The path of the folder that a socket is in. */
struct confine_folder {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
};

struct confine_folder confine_folder_of(const char *path);

#endif
