/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a state's writer is alive (see writer.h). */
#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "state/state_process.h"

/* A process that has ended keeps its id until its parent has waited for it. */
static bool has_ended(int process)
{
	struct pollfd end = {.fd = process, .events = POLLIN};

	return process >= 0 && poll(&end, 1, 0) == 1;
}

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
	process = (int)syscall(SYS_pidfd_open, id->pid, 0);
	if (process < 0 && errno == ESRCH)
		return WRITER_GONE;
	/* /proc may hide other users' processes, and has none that has ended meanwhile. */
	if (!state_process_start(id->pid, &ticks))
		return has_ended(process) ? WRITER_GONE : WRITER_UNKNOWN;
	if (ticks != id->start_ticks || has_ended(process))
		return WRITER_GONE;
	if (fd)
		*fd = steal_fd(&process);
	return WRITER_ALIVE;
}
