/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that speaks to libvirt, vsock-notify-libvirt: a process of its own, because libvirt's client
 * is large, blocks, and needs all that confinement takes away.
 *
 * It is no child of the shim, which waits for nobody but the VMM: it forks once it has read its arguments, and its
 * parent's exit status says whether it could. It ends by itself after the descriptor "life" is closed here,
 * however that comes about.
 */
#ifndef LIBVIRT_PROGRAM_H
#define LIBVIRT_PROGRAM_H

#include <stdbool.h>

/* What it is given; fds as enum rpc_fd has them. */
struct program {
	const char *uri;    /* NULL: libvirt's default */
	const char *domain; /* NULL: found by the VMM's process */
	bool trace;
	int life_fd;
	int slot_fd;
	int moved_fd;
	int told_fd;
};

/* Where it is, may begin with $ORIGIN, the plugin's folder; set when the plugin is linked. */
extern const char path_of_program[];

/* The path, filled in. To be freed; NULL with errno set. */
char *program_path(void);

/* Returns 0 or a negative errno: -ECANCELED where the program was started and has said what is wrong. */
int program_start(const char *path, const struct program *program);

#endif
