/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a state's writer is alive (see writer.h). */
#include "writer.h"

#include <errno.h>

#include "base/fd.h"
#include "base/pidfd.h"
#include "state/state_process.h"

enum writer writer_look(const struct state_writer_id *id, int *fd)
{
	CLEANUP_FD int process = -1;
	uint64_t ticks;

	if (fd)
		*fd = -1;
	if (id->pid <= 0 || id->pid_namespace == 0 ||
	    id->pid_namespace != state_process_namespace())
		return WRITER_UNKNOWN;
	/* First: the pidfd keeps referring to the process that has the id now, whatever is read below. */
	process = pidfd_of(id->pid);
	if (process < 0 && errno == ESRCH)
		return WRITER_GONE;
	/* /proc may hide other users' processes, and has none that has ended meanwhile. */
	if (!state_process_start(id->pid, &ticks))
		return pidfd_has_ended(process) ? WRITER_GONE : WRITER_UNKNOWN;
	if (ticks != id->start_ticks || pidfd_has_ended(process))
		return WRITER_GONE;
	if (fd)
		*fd = steal_fd(&process);
	return WRITER_ALIVE;
}
