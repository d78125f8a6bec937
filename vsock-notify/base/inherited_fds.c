/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers and closes inherited descriptors (see inherited_fds.h). */
#include "inherited_fds.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define BITS 64

/* One bit for each descriptor, from 0. */
static uint64_t open_at_start[INHERITED_FDS_MAX / BITS];

void inherited_fds_note(void)
{
	/* One call for each: /proc may not be mounted, and poll(2) reports an O_PATH descriptor as not open. */
	for (int fd = 0; fd < INHERITED_FDS_MAX; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			open_at_start[fd / BITS] |= UINT64_C(1) << (fd % BITS);
}

void inherited_fds_close(int keep)
{
	for (int fd = STDERR_FILENO + 1; fd < INHERITED_FDS_MAX; fd++) {
		uint64_t bit = UINT64_C(1) << (fd % BITS);

		if (fd == keep || !(open_at_start[fd / BITS] & bit))
			continue;
		close(fd);
		open_at_start[fd / BITS] &= ~bit;
	}
}

void inherited_fds_unset_passed(void)
{
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	unsetenv("LISTEN_PIDFDID");
}
