/* SPDX-License-Identifier: Apache-2.0 */
/* A state file from disk (see load.h). */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/memory.h"
#include "state/state_read.h"

/* Everything that a state holds, each byte of it escaped, is about half of it. */
#define FILE_MAX (256 * 1024)

static int complain(struct load_problem *problem, int error, const char *text)
{
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	return error;
}

/* Returns how many bytes there are, FILE_MAX + 1 where there are more than that, or a negative errno. */
static ssize_t read_all(int fd, char *text)
{
	size_t used = 0;

	while (used <= FILE_MAX) {
		ssize_t n = read(fd, text + used, FILE_MAX + 1 - used);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			used += (size_t)n;
	}
	return (ssize_t)used;
}

static int parse(char *text, struct state *state, struct load_problem *problem)
{
	unsigned line;
	enum state_fault fault = state_read(state, text, &line);

	if (fault == STATE_FINE)
		return 0;
	if (fault == STATE_DAMAGED)
		snprintf(problem->text, sizeof(problem->text), "%s in line %u",
		         state_fault_name(fault), line);
	else
		complain(problem, 0, state_fault_name(fault));
	return fault == STATE_FOREIGN ? -ENOMSG : -EBADMSG;
}

static int load(int fd, struct state *state, struct load_problem *problem)
{
	CLEANUP_FREE char *text = malloc(FILE_MAX + 2);
	ssize_t length;

	if (!text)
		return complain(problem, -ENOMEM, "cannot be read: there is no memory");
	length = read_all(fd, text);
	if (length < 0)
		return complain(problem, (int)length, "cannot be read");
	text[length] = '\0';
	if (length > FILE_MAX)
		return complain(problem, -ENOMSG, "is longer than any state file");
	return parse(text, state, problem);
}

int load_state(const char *path, struct state **state, struct load_problem *problem)
{
	/* A FIFO that nobody writes to is not to be waited for. */
	CLEANUP_FD int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	int r;

	*state = NULL;
	if (fd < 0 || fstat(fd, &status) < 0) {
		r = -errno;
		snprintf(problem->text, sizeof(problem->text), "cannot be read: %s", strerror(-r));
		return r;
	}
	if (!S_ISREG(status.st_mode))
		return complain(problem, -ENOMSG, "is no regular file");
	*state = calloc(1, sizeof(**state));
	if (!*state)
		return complain(problem, -ENOMEM, "cannot be read: there is no memory");
	r = load(fd, *state, problem);
	if (r < 0) {
		free(*state);
		*state = NULL;
	}
	return r;
}
