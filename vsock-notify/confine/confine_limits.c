/* SPDX-License-Identifier: Apache-2.0 */
/* Confinement: resource limits, getrlimit(2). */
#include <errno.h>
#include <sys/resource.h>

#include "confine_stages.h"

/* A connection, and the two ends of a barrier's pipe. */
#define FDS_PER_CONNECTION 3

/* For the loop, the sockets, the log and the plugins. */
#define FDS_OTHER 64

/* Lowers a limit, never raises it. */
static int lower(int resource, rlim_t value)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) < 0)
		return -errno;
	if (now.rlim_cur > value)
		now.rlim_cur = value;
	if (now.rlim_max > value)
		now.rlim_max = value;
	return setrlimit((__rlimit_resource_t)resource, &now) < 0 ? -errno : 0;
}

int confine_limits(struct confinement *confinement)
{
	rlim_t fds = FDS_PER_CONNECTION * confinement->connections + FDS_OTHER;
	int r = lower(RLIMIT_CORE, 0);

	return r < 0 ? r : lower(RLIMIT_NOFILE, fds);
}
