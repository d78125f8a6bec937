/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confinement: what the process gives up once all is set up and before it reads a guest's first byte,
 * so that a guest who takes it over has won little. In stages, each of which has a name for messages:
 *
 *   filter          the seccomp filter is made, while a program can still be executed
 *   descriptors     inherited ones are closed
 *   capabilities    none are left, but what cleaning up needs where it is run by root (see below)
 *   no-new-privs    PR_SET_NO_NEW_PRIVS: nothing that is executed could gain any
 *   dumpable        PR_SET_DUMPABLE 0: no core, no ptrace(2) by others of the same user
 *   limits          RLIMIT_CORE 0, RLIMIT_NOFILE what the connections need
 *   landlock        no file but its state, and the removal of its own sockets, no TCP, no abstract sockets and no
 *                   signals but where they are needed, landlock(7)
 *   seccomp         the system calls of the loop and no others, confine_calls.c
 *
 * The VMM has been started before, and has none of it. A stage that the kernel does not have is warned of
 * by its name; one that fails is an error: the process is not to run as if it were confined.
 *
 * Run by root, two capabilities stay. "run" keeps CAP_KILL and CAP_DAC_OVERRIDE, for a VMM that changed its
 * user: it is signalled, and its sockets are connected to and removed. "serve" keeps CAP_DAC_OVERRIDE only
 * where the socket's folder is not root's. With landlock on there is nothing else it could be used for.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "include/vsock-notify-plugin.h"

struct sock_filter;

/* Descriptors that may be connected later. */
#define CONFINE_CONNECTS_MAX 4

struct confinement {
	const struct vsn_needs *const *needs; /* what plugins need stays */
	unsigned need_count;
	int keep_fd;                        /* inherited, and in use; negative: none */
	const char *socket;                 /* removed at exit; NULL: none */
	const char *vmm_socket;             /* likewise */
	const char *folder;                 /* removed at exit; NULL: none */
	pid_t self;                         /* whose abort(3) works */
	pid_t vmm;                          /* may be signalled; 0: none */
	int proc_fd;                        /* of /proc, read below; negative: none */
	int state_folder;                   /* where a file is replaced; negative: nowhere */
	int journal_fd;                     /* asked at exit what was not read; negative: none */
	int connects[CONFINE_CONNECTS_MAX]; /* sockets that may be connected; unused: negative */
	bool vsock;                         /* makes AF_VSOCK sockets and connects them */
	bool abstract;                      /* sends to an abstract socket */
	uint32_t connections;
	/* Made and used by the stages. */
	struct sock_filter *filter;
	size_t filter_length; /* instructions */
};

/* What there is with everything unused. */
void confinement_init(struct confinement *confinement);

/* Whether a build is confined unless it is told otherwise: not one with a sanitizer, which needs more. */
bool confine_by_default(void);

/* Goes through the stages. Returns 0, or a negative errno after an error line. */
int confine(struct confinement *confinement);

/* The folder that a socket's path is in. */
struct confine_folder {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
};

struct confine_folder confine_folder_of(const char *path);

/* A stage's result where the kernel does not have it. */
#define CONFINE_UNSUPPORTED 1

/* The stages with files of their own. Return 0, CONFINE_UNSUPPORTED, or a negative errno. */
int confine_filter(struct confinement *confinement);
void confine_filter_free(struct confinement *confinement);
int confine_capabilities(struct confinement *confinement);
int confine_landlock(struct confinement *confinement);
int confine_seccomp(struct confinement *confinement);

#endif
