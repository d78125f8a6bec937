/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line, from what the user wrote to what is executed: run/vmm/plan.h, and the I/O that it needs. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "base/failure.h"
#include "run/vmm/plan.h"
#include "run_options.h"
#include "runtime_dir.h"

struct launch {
	struct vmm_plan plan;
	struct runtime_dir runtime_dir;
};

/*
 * Makes the plan for the VMM's arguments: reads the file that describes the VM, and makes a folder for the vsock socket if the
 * arguments name none, or if jailer would make it. event_fd: the descriptor for the event monitor, or -1. Logs the plan's
 * advice. Returns 0, or a negative errno with the failure set. The caller calls launch_free() in each case.
 */
int launch_make(struct launch *launch, const struct run_options *options, const char *const *vmm,
                int event_fd, struct failure *failure);

/* Prints the arguments on standard output, quoted for a shell. */
void launch_print(const struct launch *launch);

/* Frees the memory, and removes the folder if one was made. */
void launch_free(struct launch *launch);

#endif
