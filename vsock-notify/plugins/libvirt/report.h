/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the plugin tells the program that speaks to libvirt: all of it at once, in one piece of fixed size, so
 * that a newer report replaces an older one and nothing has to be queued. Texts are NUL-ended, zeros after
 * that, and of any bytes: the reader trusts none of it.
 */
#ifndef LIBVIRT_REPORT_H
#define LIBVIRT_REPORT_H

#include <stdint.h>

#define REPORT_STATUS_MAX 1024

/* No padding, so that two reports can be compared as memory. */
struct report {
	uint32_t life; /* enum state_life */
	uint32_t boots;
	int32_t exit_status; /* -1: not said */
	uint32_t paused;
	uint32_t ended;      /* nobody watches the guest any more */
	uint32_t peer_pid;   /* 0: not known; the VMM, or who connected in its name */
	uint32_t parent_pid; /* of the VMM, where that is the shim; 0: none */
	uint32_t reserved;   /* 0 */
	uint64_t since_usec; /* CLOCK_MONOTONIC */
	char way[32];        /* of shutting down */
	char machine_id[40]; /* 32 digits, if the guest is honest */
	char hostname[256];  /* hostname(7) has no longer ones */
	char status[REPORT_STATUS_MAX];
};

/* The descriptors of the program that speaks to libvirt. */
enum rpc_fd {
	RPC_FD_LIFE = 0,  /* end of file: the shim has ended */
	RPC_FD_SLOT = 3,  /* the memory of a struct slot */
	RPC_FD_MOVED = 4, /* eventfd: there is news that does not wait */
	RPC_FD_TOLD = 5,  /* eventfd: there is a new status text */
	RPC_FD_END = 6    /* none from here on */
};

#endif
