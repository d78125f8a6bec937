/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that are written in front of a VMM and become it, or start it: "sudo cloud-hypervisor ...", "ip netns exec blue
 * firecracker ...", several of them one after the other. Their options are not the VMM's. A pure function with a table of their
 * options, from their manual pages (sudo 1.9, util-linux 2.41, coreutils 9.7, numactl 2.0, iproute2 6.15, strace 6.13,
 * systemd 257). Which of them close descriptors was read there, too, and in the sources of systemd-inhibit (src/login/inhibit.c
 * of systemd 262), OpenDoas and passt.
 */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>

/* The pointers point into the arguments, or are constants. */
struct launcher {
	size_t program; /* index of the VMM's program; of the last word that was understood, if none was found */
	const char *closes; /* name of the launcher that closes the descriptor; NULL: none does */
	const char *
		away; /* name of the launcher that has another process start the VMM; NULL: none does */
	const char *
		shell; /* name of the shell that got a string as its command; NULL: there is none */
	const char
		*user; /* name or ID of the user that the VMM will run as; NULL: nothing says so */
	bool forks;    /* a launcher exits and leaves the VMM behind */
};

/*
 * Finds the VMM's program in the arguments. descriptor: the number of the descriptor that the VMM needs, to find out whether
 * sudo(8) closes it; negative: it needs none.
 */
void launcher_read(const char *const *arguments, int descriptor, struct launcher *launcher);

#endif
