/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers: a pipe whose hang-up is waited for (theory: barrier.h). */
#include "barrier.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/macros.h"

static void hang_up_event(struct loop_fd *source)
{
	struct barrier *barrier = container_of(source, struct barrier, source);
	struct barrier_set *set = barrier->set;
	struct hold *hold = barrier->hold;

	barrier_free(barrier);
	set->returned(set, hold);
}

struct barrier *barrier_new(struct barrier_set *set, struct hold *hold, int *write_fd)
{
	struct barrier *barrier = calloc(1, sizeof(*barrier));
	int ends[2];
	int r;

	if (!barrier || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		free(barrier);
		return NULL;
	}
	barrier->set = set;
	barrier->hold = hold;
	barrier->read_fd = ends[0];
	barrier->source.callback = hang_up_event;
	barrier->next = set->first;
	set->first = barrier;
	r = loop_fd_add(set->loop, &barrier->source, ends[0], EPOLLIN);
	if (r < 0) {
		close(ends[1]);
		barrier_free(barrier);
		errno = -r;
		return NULL;
	}
	*write_fd = ends[1];
	return barrier;
}

void barrier_free(struct barrier *barrier)
{
	struct barrier **link = &barrier->set->first;

	while (*link != barrier)
		link = &(*link)->next;
	*link = barrier->next;
	loop_fd_remove(barrier->set->loop, &barrier->source);
	close_fd(&barrier->read_fd);
	free(barrier);
}

struct hold *barrier_take_hold(struct barrier_set *set)
{
	for (struct barrier *barrier = set->first; barrier; barrier = barrier->next) {
		struct hold *hold = barrier->hold;

		barrier->hold = NULL;
		if (hold)
			return hold;
	}
	return NULL;
}

void barrier_forget_hold(struct barrier_set *set, const struct hold *hold)
{
	for (struct barrier *barrier = set->first; barrier; barrier = barrier->next)
		if (barrier->hold == hold)
			barrier->hold = NULL;
}
