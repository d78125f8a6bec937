/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors that this process was started with (see inherited_fds.h). */
#include "inherited_fds.h"

#include <fcntl.h>
#include <unistd.h>

#define BITS 64

/* A bit each, from 0. */
static uint64_t open_at_start[INHERITED_FDS_MAX / BITS];

void inherited_fds_note(void)
{
	/* Asked one by one: /proc may not be there, and poll(2) takes an O_PATH descriptor for none. */
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
