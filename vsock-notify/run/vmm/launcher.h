/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that are written in front of a VMM and become it, or start it: "sudo cloud-hypervisor ...", "ip netns exec blue
 * firecracker ...", several of them one after the other. Their options are not the VMM's. A pure function, with the table of
 * launcher_known.h.
 */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>

/* The pointers point into the arguments, or are constants. */
struct launcher {
	size_t program; /* index of the VMM's program, or of the last word that was understood */
	const char *closes; /* the launcher that closes the descriptor; NULL: none does */
	const char *away;   /* the launcher that has another process start the VMM */
	const char *shell;  /* the shell that got a string as its command */
	const char *root;   /* the launcher that changes the root folder */
	const char *folder; /* the launcher that changes the working directory */
	const char *user;   /* name or ID of the user that the VMM will run as; NULL: ours */
	bool forks;         /* a launcher exits and leaves the VMM behind */
};

/*
 * Finds the VMM's program in the arguments. descriptor: the number of the descriptor that the VMM needs, to find out whether
 * sudo(8) closes it; negative: it needs none.
 */
void launcher_read(const char *const *arguments, int descriptor, struct launcher *launcher);

#endif
