/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's command line, from what the user wrote to what is executed: vmm_plan.h with its I/O. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "event_monitor.h"
#include "run/vmm/plan.h"
#include "run_options.h"
#include "runtime_dir.h"

struct launch {
	struct vmm_plan plan;
	struct runtime_dir runtime_dir;
};

/*
 * Makes the plan for the VMM's arguments: reads Firecracker's config file, makes a folder for the
 * socket of a VMM that was given none. event_fd: for the event monitor, or -1. Returns 0; or a
 * negative errno after an error line, with nothing left behind but what launch_free() frees.
 */
int launch_make(struct launch *line, const struct run_options *options, const char *const *vmm,
                int event_fd);

/* Prints the arguments as a shell would read them. */
void launch_print(const struct launch *line);

/* Frees, and removes what was made. */
void launch_free(struct launch *line);

#endif
