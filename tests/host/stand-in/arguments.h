/* SPDX-License-Identifier: Apache-2.0 */
/* The command lines of cloud-hypervisor and Firecracker, as much of them as the launch wrapper has to get right. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#define PATH_LENGTH 108 /* with its end: what a unix socket's path can be */

struct arguments {
	char vsock
		[PATH_LENGTH]; /* --vsock cid=N,socket=THIS, or uds_path of --config-file; empty: none */
	char api[PATH_LENGTH]; /* --api-socket THIS or path=THIS, --api-sock THIS; empty: none */
	int event_fd;          /* --event-monitor fd=THIS; -1: none */
	int port; /* --platform oem_strings=[...vsock-stream:2:THIS], or in boot_args of --config-file; 0: none */
};

/* Reads what it knows and leaves out what it does not. A bad value ends the program. */
struct arguments arguments_read(char *const argv[]);

#endif
