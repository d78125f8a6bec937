/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Firecracker's jailer, as read in src/jailer/src/main.rs and env.rs of Firecracker 1.17-dev:
 *
 *   jailer --id ID --exec-file FILE --uid UID --gid GID [--chroot-base-dir /srv/jailer] ... -- FIRECRACKER'S OPTIONS
 *
 * The VMM's root folder is BASE/<name of FILE>/ID/root, where BASE and FILE are free of symlinks, and its working directory is
 * "/" in there. jailer makes that folder if it is not there. It takes each option in the form "--name value" only. With
 * --new-pid-ns it leaves the VMM behind as a child; with --daemonize it forks twice and does the same. Pure functions.
 */
#ifndef JAILER_H
#define JAILER_H

#include <stdbool.h>

#include "base/failure.h"

/* The pointers point into the arguments, or are constants. */
struct jailer {
	const char *id;
	const char *exec_file;
	const char *base;
	const char *uid; /* NULL: not given */
	const char *const *
		vmm_options; /* the "--" in front of Firecracker's own options, or the NULL at the end */
	bool forks;
};

/* Whether the program is a jailer, by its name. */
bool jailer_is(const char *program);

/* Reads the arguments; the first is the program. Returns 0, or -EINVAL with the failure set. */
int jailer_read(const char *const *arguments, struct jailer *jailer, struct failure *failure);

/* The VMM's root folder. base and exec_file are without symlinks. The caller frees it. NULL: no memory. */
char *jailer_root(const char *base, const char *exec_file, const char *id);

/*
 * A path in the jail as the host sees it, in *outside, which the caller frees. Returns 0; -EINVAL with the failure set if it
 * has a "..": the VMM may have written it, and its root folder is not the host's; or -ENOMEM.
 */
int jailer_outside(const char *root, const char *path, char **outside, struct failure *failure);

#endif
