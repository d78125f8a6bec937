/* SPDX-License-Identifier: Apache-2.0 */
/* The chroot of Firecracker's jailer, on disk (see jail.h). */
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/memory.h"
#include "run/vmm/jailer.h"

/* openat2(2), for which glibc has no function. */
static int open_below(int root_fd, const char *path, unsigned flags, unsigned resolve)
{
	const struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve};

	return (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
}

int jail_open(const char *root, const char *path)
{
	CLEANUP_FD int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return root_fd < 0 ? -1
	                   : open_below(root_fd, path, O_RDONLY | O_NOCTTY | O_NONBLOCK,
	                                RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/* jailer resolves symlinks. If it cannot, it will say so itself. */
int jail_find(const struct vmm_request *request, char **root)
{
	CLEANUP_FREE char *base = NULL;
	CLEANUP_FREE char *exec_file = NULL;
	struct vmm_jail jail;

	*root = NULL;
	if (!vmm_plan_jail(request, &jail))
		return 0;
	base = realpath(jail.base, NULL);
	exec_file = realpath(jail.exec_file, NULL);
	*root = jailer_root(base ? base : jail.base, exec_file ? exec_file : jail.exec_file,
	                    jail.id);
	return *root ? 0 : -ENOMEM;
}

/*
 * Makes the folder of the vsock socket in jailer's chroot, if it is one that jailer would make a moment later: the chroot
 * BASE/NAME/ID/root, or /run in it. If one cannot be made, the listener says why it cannot use it.
 */
static void make_folders(const char *root, const char *vsock)
{
	char path[PATH_MAX];
	char *id, *last;

	if (snprintf(path, sizeof(path) - strlen("/run"), "%s", root) < 0)
		return;
	last = strrchr(path, '/');
	*last = '\0';
	id = strrchr(path, '/');
	*id = '\0';
	mkdir(path, 0755);
	*id = '/';
	mkdir(path, 0755);
	*last = '/';
	mkdir(path, 0700);
	if (strncmp(vsock + strlen(root), "/run/", strlen("/run/")) == 0)
		mkdir(strcat(path, "/run"), 0700);
}

/*
 * Refuses a socket in a folder that a symlink leads to. The chroot is the VMM's user's, and a VMM that was broken out of may
 * have left one, for the next start to make and remove files elsewhere.
 */
static int check_socket(const char *root, const char *path, struct failure *failure)
{
	CLEANUP_FD int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP_FD int folder = -1;
	CLEANUP_FREE char *below = path ? strdup(path + strlen(root) + 1) : NULL;
	char *slash = below ? strrchr(below, '/') : NULL;

	if (!slash || root_fd < 0)
		return 0;
	*slash = '\0';
	folder = open_below(root_fd, below, O_PATH | O_DIRECTORY,
	                    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	/* A folder that is not there is the listener's, or the VMM's, to complain of. */
	if (folder >= 0 || errno == ENOENT)
		return 0;
	return failure_set(
		failure, -EINVAL,
		"%s is not to be trusted: a symlink in jailer's chroot %s leads to it (%s): "
		"remove the chroot",
		path, root, strerror(errno));
}

int jail_prepare(const char *root, const struct vmm_plan *plan, bool pretend,
                 struct failure *failure)
{
	int r;

	if (!pretend)
		make_folders(root, plan->vsock);
	r = check_socket(root, plan->vsock, failure);
	return r < 0 ? r : check_socket(root, plan->api_socket, failure);
}
