/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chroot of Firecracker's jailer, on disk (run/vmm/jailer.h says where it is). It is the VMM's user's, and a VMM that
 * was broken out of may have left anything in it: so no symlink leads out of it here.
 */
#ifndef JAIL_H
#define JAIL_H

#include <stdbool.h>

#include "base/failure.h"
#include "run/vmm/plan.h"

/* Finds the chroot, in *root, which the caller frees: NULL if no jailer is started. Returns 0 or -ENOMEM. */
int jail_find(const struct vmm_request *request, char **root);

/* Opens a file for reading, as a VMM sees it whose root folder is root. Returns -1 with errno set on errors. */
int jail_open(const char *root, const char *path);

/*
 * Makes the folders that jailer would make a moment later, and refuses sockets in folders that a symlink leads to. pretend:
 * makes nothing. Returns 0, or -EINVAL with the failure set.
 */
int jail_prepare(const char *root, const struct vmm_plan *plan, bool pretend,
                 struct failure *failure);

#endif
