/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report from the plugin to the program that calls libvirt. It has everything and a fixed size, so a newer report replaces
 * an older one, and nothing is queued. Texts end with a NUL, are filled up with zeros, and may contain any bytes: the reader
 * trusts none of them.
 */
#ifndef LIBVIRT_REPORT_H
#define LIBVIRT_REPORT_H

#include <stdint.h>

#define REPORT_STATUS_MAX 1024

/* Without padding, so that two reports can be compared with memcmp(3). */
struct report {
	uint32_t life; /* enum state_life */
	uint32_t boots;
	int32_t exit_status; /* -1: not known */
	uint32_t paused;
	uint32_t ended;      /* vsock-notify has ended, so nothing watches the guest */
	uint32_t peer_pid;   /* the VMM, or the process that connected for it; 0: not known */
	uint32_t parent_pid; /* vsock-notify, if it is the parent of the VMM; else 0 */
	uint32_t reserved;   /* 0 */
	uint64_t since_usec; /* CLOCK_MONOTONIC */
	char way[32];        /* of shutting down */
	char machine_id[40]; /* 32 digits, if the guest sends a correct one */
	char hostname[256];  /* hostname(7) allows no longer one */
	char status[REPORT_STATUS_MAX];
};

/* The descriptors of the program that calls libvirt. */
enum rpc_fd {
	RPC_FD_LIFE = 0,  /* end of file: vsock-notify has ended */
	RPC_FD_SLOT = 3,  /* the memory of a struct slot */
	RPC_FD_MOVED = 4, /* eventfd: something other than the status text has changed */
	RPC_FD_TOLD = 5,  /* eventfd: there is a new status text */
	RPC_FD_END = 6    /* the first unused number */
};

#endif
