/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confinement: landlock(7). Everything that this kernel's version of it can handle is denied, then the
 * few paths are allowed that are used later. Descriptors that are open stay usable.
 *
 * The structs are the kernel's ABI, which headers of a build machine may not have as far as the running
 * kernel: ruleset attributes were appended in versions 4 (network) and 6 (scopes).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "base/fd.h"
#include "confine.h"

/* Access rights of later versions than the oldest header that this is built with. */
#define FS_TRUNCATE  (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
#define NET_TCP      (UINT64_C(1) << 0 | UINT64_C(1) << 1)

#define SCOPE_ABSTRACT_SOCKET (UINT64_C(1) << 0)
#define SCOPE_SIGNAL          (UINT64_C(1) << 1)

#define FS_ALL_1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER (UINT64_C(1) << 13)

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE                                                                    \
	(FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_REG | FS_TRUNCATE)
/* To replace a file: what is there is never opened for writing (confine_calls.c). */
#define FS_REPLACE                                                        \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_REG)
/* What a rule for something that is no folder may have. */
#define FS_OF_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

static struct ruleset everything(long version, const struct confinement *confinement)
{
	struct ruleset all = {.fs = FS_ALL_1};

	if (version >= 2)
		all.fs |= FS_REFER;
	if (version >= 3)
		all.fs |= FS_TRUNCATE;
	if (version >= 4)
		all.net = NET_TCP;
	if (version >= 5)
		all.fs |= FS_IOCTL_DEV;
	if (version < 6)
		return all;
	if (!confinement->abstract)
		all.scoped |= SCOPE_ABSTRACT_SOCKET;
	/* The VMM is outside. */
	if (!confinement->vmm)
		all.scoped |= SCOPE_SIGNAL;
	return all;
}

static size_t size_for(long version)
{
	if (version >= 6)
		return sizeof(struct ruleset);
	return version >= 4 ? offsetof(struct ruleset, scoped) : offsetof(struct ruleset, net);
}

/* Allows something below an open path. */
static int allow_fd(int ruleset, const struct ruleset *all, int fd, uint64_t access)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access & all->fs,
		.parent_fd = fd,
	};

	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0
	               ? -errno
	               : 0;
}

static int allow_path(int ruleset, const struct ruleset *all, const char *path, uint64_t access)
{
	CLEANUP_FD int fd = open(path, O_PATH | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = allow_fd(ruleset, all, fd, access);
	/* EINVAL where it is no folder, and the right is one of folders. */
	return r == -EINVAL ? allow_fd(ruleset, all, fd, access & FS_OF_FILES) : r;
}

/* Allows something in the folder that path is in. */
static int allow_in_folder_of(int ruleset, const struct ruleset *all, const char *path,
                              uint64_t access)
{
	return path ? allow_path(ruleset, all, confine_folder_of(path).path, access) : 0;
}

static int allow_list(int ruleset, const struct ruleset *all, const char *const *paths,
                      uint64_t access)
{
	int r = 0;

	for (; r == 0 && paths && *paths; paths++)
		r = allow_path(ruleset, all, *paths, access);
	return r;
}

static int allow_needs(int ruleset, const struct ruleset *all, const struct vsn_needs *needs)
{
	int r = allow_list(ruleset, all, needs->read_paths, FS_READ);

	return r < 0 ? r : allow_list(ruleset, all, needs->write_paths, FS_WRITE);
}

static int allow_plugins(int ruleset, const struct ruleset *all,
                         const struct confinement *confinement)
{
	for (unsigned i = 0; i < confinement->need_count; i++) {
		int r = allow_needs(ruleset, all, confinement->needs[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int allow(int ruleset, const struct ruleset *all, const struct confinement *confinement)
{
	int r = allow_plugins(ruleset, all, confinement);

	if (r == 0)
		r = allow_in_folder_of(ruleset, all, confinement->socket,
		                       LANDLOCK_ACCESS_FS_REMOVE_FILE);
	if (r == 0)
		r = allow_in_folder_of(ruleset, all, confinement->vmm_socket,
		                       LANDLOCK_ACCESS_FS_REMOVE_FILE);
	if (r == 0)
		r = allow_in_folder_of(ruleset, all, confinement->folder,
		                       LANDLOCK_ACCESS_FS_REMOVE_DIR);
	if (r == 0 && confinement->state_folder >= 0)
		r = allow_fd(ruleset, all, confinement->state_folder, FS_REPLACE);
	if (r == 0 && confinement->proc_fd >= 0)
		r = allow_fd(ruleset, all, confinement->proc_fd, LANDLOCK_ACCESS_FS_READ_FILE);
	return r;
}

int confine_landlock(struct confinement *confinement)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	CLEANUP_FD int ruleset = -1;
	struct ruleset all;
	int r;

	/* EPERM: a container's own filter does not know the call (systemd-nspawn before 253). */
	if (version < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM
		               ? CONFINE_UNSUPPORTED
		               : -errno;
	all = everything(version, confinement);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size_for(version), 0);
	if (ruleset < 0)
		return -errno;
	r = allow(ruleset, &all, confinement);
	if (r < 0)
		return r;
	return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}
