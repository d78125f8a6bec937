/* SPDX-License-Identifier: Apache-2.0 */
/* Confinement: drops capabilities(7). confine.h says which ones stay, and why. */
#include <errno.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/macros.h"
#include "confine_stages.h"

static uint32_t bit(unsigned capability)
{
	return 1u << capability;
}

/* Whether this user owns the folder of path: then no capability is needed to remove something there. */
static bool in_own_folder(const char *path)
{
	struct stat status;

	return stat(confine_folder_of(path).path, &status) == 0 && status.st_uid == geteuid();
}

static uint32_t kept(const struct confinement *confinement)
{
	if (confinement->vmm)
		return bit(CAP_KILL) | bit(CAP_DAC_OVERRIDE);
	if (confinement->socket && !in_own_folder(confinement->socket))
		return bit(CAP_DAC_OVERRIDE);
	return 0;
}

/* A process without capabilities does not call capset(2), so that a unit need not allow that call. */
static bool have_any(const struct __user_cap_data_struct *sets)
{
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (sets[i].permitted | sets[i].effective | sets[i].inheritable)
			return true;
	return false;
}

int confine_capabilities(struct confinement *confinement)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
	uint32_t keep = kept(confinement);

	/* glibc has no wrapper, and libcap would be one more library in each process. */
	if (syscall(SYS_capget, &header, sets) < 0)
		return -errno;
	if (!have_any(sets))
		return 0;
	for (unsigned i = 0; i < ARRAY_SIZE(sets); i++) {
		sets[i].permitted &= i == 0 ? keep : 0;
		sets[i].effective = sets[i].permitted;
		sets[i].inheritable = 0;
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, sets) < 0 ? -errno : 0;
}
