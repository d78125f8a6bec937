/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a state file from disk (see load.h). */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/macros.h"
#include "base/memory.h"
#include "state/state_format.h"
#include "state/state_process.h"
#include "writer.h"

/* A state file in which every byte is escaped is about half as long. */
#define FILE_MAX (256 * 1024)

/* Between the readings of two clocks this much may pass. */
#define CLOCK_NOISE_USEC UINT64_C(100000)

/*
 * The difference of the clocks is not the same to the microsecond each time, which "status --follow" would take for a change.
 * It is taken anew only if the wall clock was set.
 */
static uint64_t realtime_of_boot(void)
{
	static uint64_t usec;
	uint64_t now = state_realtime_of_boot();

	if (max_u64(now, usec) - min_u64(now, usec) > CLOCK_NOISE_USEC)
		usec = now;
	return usec;
}

static int parse(const char *path, char *text, struct state *state, struct failure *failure)
{
	unsigned line;
	enum state_fault fault = state_read(state, text, &line);

	if (fault == STATE_FINE) {
		/* On this boot our own clocks say when things happened, whatever the wall clock was set to since. */
		if (writer_look(&state->writer, NULL) == WRITER_ALIVE)
			state->realtime_usec = realtime_of_boot();
		return 0;
	}
	if (fault == STATE_DAMAGED)
		return failure_set(failure, -EBADMSG, "%s %s in line %u", path,
		                   state_fault_name(fault), line);
	return failure_set(failure, fault == STATE_FOREIGN ? -ENOMSG : -EBADMSG, "%s %s", path,
	                   state_fault_name(fault));
}

/* text: FILE_MAX + 2 bytes. */
static int load(const char *path, int fd, char *text, struct state *state, struct failure *failure)
{
	ssize_t length = read_whole(fd, text, FILE_MAX + 1);

	if (length < 0)
		return failure_set(failure, (int)length, "%s cannot be read: %s", path,
		                   strerror((int)-length));
	text[length] = '\0';
	if (length > FILE_MAX)
		return failure_set(failure, -ENOMSG, "%s is longer than any state file", path);
	return parse(path, text, state, failure);
}

int load_state(const char *path, struct state **state, struct failure *failure)
{
	/* O_NONBLOCK: opening a FIFO without a writer would block. */
	CLEANUP_FD int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	CLEANUP_FREE char *text = NULL;
	struct stat status;
	int r;

	*state = NULL;
	if (fd < 0 || fstat(fd, &status) < 0) {
		r = -errno;
		return failure_set(failure, r, "%s cannot be read: %s", path, strerror(-r));
	}
	if (!S_ISREG(status.st_mode))
		return failure_set(failure, -ENOMSG, "%s is no regular file", path);
	text = malloc(FILE_MAX + 2);
	*state = calloc(1, sizeof(**state));
	if (text && *state)
		r = load(path, fd, text, *state, failure);
	else
		r = failure_set(failure, -ENOMEM, "%s cannot be read: there is no memory", path);
	if (r < 0) {
		free(*state);
		*state = NULL;
	}
	return r;
}
