/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts vsock-notify-libvirt, the program that calls libvirt. It is a separate process, because libvirt's client library is
 * large, blocks, and needs the rights that confinement takes away.
 *
 * The program forks after it has read its arguments, and the parent exits with 0 if all is well. So the program does not stay
 * a child of this process, which waits only for the VMM. It ends by itself after the other end of life_fd has been closed,
 * for whatever reason.
 */
#ifndef LIBVIRT_PROGRAM_H
#define LIBVIRT_PROGRAM_H

#include <stdbool.h>

/* What the program gets. It finds the descriptors at the numbers of enum rpc_fd. */
struct program {
	char *uri;    /* NULL: libvirt's default */
	char *domain; /* NULL: the program finds it by the VMM's process */
	bool trace;
	int life_fd;
	int slot_fd;
	int moved_fd;
	int told_fd;
};

/* The program's path, set when the plugin is linked. It may begin with $ORIGIN, the plugin's folder. */
extern const char path_of_program[];

/* Replaces $ORIGIN in path_of_program. Writes the result, which has room for PATH_MAX. Returns 0 or a negative errno. */
int program_path(char *path);

/* Returns 0 or a negative errno; -ECANCELED if the program was started, has logged an error and has ended. */
int program_start(const char *path, const struct program *program);

#endif
