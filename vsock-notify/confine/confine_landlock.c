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

/* The kernel's struct landlock_ruleset_attr. */
struct attributes {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct ruleset {
	int fd;
	uint64_t denied; /* access to files that the ruleset denies, and that rules can allow */
	int error;       /* the first failure, a negative errno; no rule is added after it */
};

static struct attributes everything(long version, const struct confinement *confinement)
{
	struct attributes all = {.fs = FS_ALL_1};

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
		return sizeof(struct attributes);
	return version >= 4 ? offsetof(struct attributes, scoped)
	                    : offsetof(struct attributes, net);
}

static int add_rule(const struct ruleset *ruleset, int fd, uint64_t access)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access & ruleset->denied,
		.parent_fd = fd,
	};

	return syscall(SYS_landlock_add_rule, ruleset->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0
	               ? -errno
	               : 0;
}

/* Allows access to an open path and everything below it. A negative fd is none. */
static void allow_fd(struct ruleset *ruleset, int fd, uint64_t access)
{
	if (ruleset->error < 0 || fd < 0)
		return;
	ruleset->error = add_rule(ruleset, fd, access);
	/* The kernel answers EINVAL if the path is not a folder, and one of the rights is only for folders. */
	if (ruleset->error == -EINVAL)
		ruleset->error = add_rule(ruleset, fd, access & FS_OF_FILES);
}

static void allow_path(struct ruleset *ruleset, const char *path, uint64_t access)
{
	CLEANUP_FD int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0 && ruleset->error == 0)
		ruleset->error = -errno;
	allow_fd(ruleset, fd, access);
}

/* Allows access to the folder of path. path may be NULL. */
static void allow_in_folder_of(struct ruleset *ruleset, const char *path, uint64_t access)
{
	if (path)
		allow_path(ruleset, confine_folder_of(path).path, access);
}

static void allow_list(struct ruleset *ruleset, const char *const *paths, uint64_t access)
{
	for (; paths && *paths; paths++)
		allow_path(ruleset, *paths, access);
}

/* Allows what plugins need, the removal of files at exit, and what is below open folders. */
static void allow(struct ruleset *ruleset, const struct confinement *confinement)
{
	for (unsigned i = 0; i < confinement->need_count; i++) {
		allow_list(ruleset, confinement->needs[i]->read_paths, FS_READ);
		allow_list(ruleset, confinement->needs[i]->write_paths, FS_WRITE);
	}
	allow_in_folder_of(ruleset, confinement->socket, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	for (unsigned i = 0; i < ARRAY_SIZE(confinement->vmm_sockets); i++)
		allow_in_folder_of(ruleset, confinement->vmm_sockets[i],
		                   LANDLOCK_ACCESS_FS_REMOVE_FILE);
	allow_in_folder_of(ruleset, confinement->folder, LANDLOCK_ACCESS_FS_REMOVE_DIR);
	allow_fd(ruleset, confinement->state_folder, FS_REPLACE);
	allow_fd(ruleset, confinement->proc_fd, LANDLOCK_ACCESS_FS_READ_FILE);
}

int confine_landlock(struct confinement *confinement)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	CLEANUP_FD int fd = -1;
	struct attributes all;
	struct ruleset ruleset;

	/* EPERM: the seccomp filter of a container does not know the call (systemd-nspawn before 253). */
	if (version < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM
		               ? CONFINE_UNSUPPORTED
		               : -errno;
	all = everything(version, confinement);
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, size_for(version), 0);
	if (fd < 0)
		return -errno;
	ruleset = (struct ruleset){.fd = fd, .denied = all.fs};
	allow(&ruleset, confinement);
	if (ruleset.error < 0)
		return ruleset.error;
	return syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? -errno : 0;
}
