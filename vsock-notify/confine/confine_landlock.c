/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confinement: landlock(7). Denies everything that the running kernel's version of landlock can deny, and then allows the few
 * paths that are used later. Open descriptors stay usable.
 *
 * The structs are the kernel's ABI. They are declared here, because the headers of the build machine may be older than the
 * running kernel: ruleset attributes were appended in versions 4 (network) and 6 (scopes).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "base/fd.h"
#include "base/macros.h"
#include "confine_stages.h"

/* Access rights that the oldest supported headers do not have. */
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
/* For replacing a file. No existing file is opened for writing (confine_calls.c). */
#define FS_REPLACE                                                        \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_REG)
/* The rights that a rule may have if its path is not a folder. */
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
	/* The VMM is not in this landlock domain. */
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

/* Allows access to an open path and everything below it. */
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
	/* The kernel answers EINVAL if the path is not a folder, and one of the rights is only for folders. */
	return r == -EINVAL ? allow_fd(ruleset, all, fd, access & FS_OF_FILES) : r;
}

/* Allows access to the folder of path. path may be NULL. */
static int allow_in_folder_of(int ruleset, const struct ruleset *all, const char *path,
                              uint64_t access)
{
	return path ? allow_path(ruleset, all, confine_folder_of(path).path, access) : 0;
}

static int allow_list(int ruleset, const struct ruleset *all, const char *const *paths,
                      uint64_t access)
{
	for (; paths && *paths; paths++) {
		int r = allow_path(ruleset, all, *paths, access);

		if (r < 0)
			return r;
	}
	return 0;
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

/* Allows the removal of the files that are removed at exit. */
static int allow_removal(int ruleset, const struct ruleset *all,
                         const struct confinement *confinement)
{
	const struct {
		const char *path;
		uint64_t access;
	} removed[] = {
		{confinement->socket, LANDLOCK_ACCESS_FS_REMOVE_FILE},
		{confinement->vmm_socket, LANDLOCK_ACCESS_FS_REMOVE_FILE},
		{confinement->folder, LANDLOCK_ACCESS_FS_REMOVE_DIR},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(removed); i++) {
		int r = allow_in_folder_of(ruleset, all, removed[i].path, removed[i].access);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Allows access to what is below open folders. */
static int allow_folders(int ruleset, const struct ruleset *all,
                         const struct confinement *confinement)
{
	int r = 0;

	if (confinement->state_folder >= 0)
		r = allow_fd(ruleset, all, confinement->state_folder, FS_REPLACE);
	if (r < 0 || confinement->proc_fd < 0)
		return r;
	return allow_fd(ruleset, all, confinement->proc_fd, LANDLOCK_ACCESS_FS_READ_FILE);
}

static int allow(int ruleset, const struct ruleset *all, const struct confinement *confinement)
{
	int r = allow_plugins(ruleset, all, confinement);

	if (r < 0)
		return r;
	r = allow_removal(ruleset, all, confinement);
	return r < 0 ? r : allow_folders(ruleset, all, confinement);
}

int confine_landlock(struct confinement *confinement)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	CLEANUP_FD int ruleset = -1;
	struct ruleset all;
	int r;

	/* EPERM: the seccomp filter of a container does not know the call (systemd-nspawn before 253). */
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
