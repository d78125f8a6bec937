/* SPDX-License-Identifier: Apache-2.0 */
/* One VM that is watched (theory: target.h). */
#include "target.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/macros.h"
#include "show/find.h"
#include "show/interrupt.h"
#include "show/load.h"
#include "show/place.h"
#include "show/runtime.h"

/* What lists each VM's files would have is now this one's alone. Takes path. */
static void pin(struct target *target, char *path)
{
	char *slash = strrchr(path, '/');

	target->path = path;
	target->file = slash ? slash + 1 : path;
}

static int fail(const struct target *target, int error)
{
	log_error("cannot watch %s: %s%s", target->path ? target->path : target->operand,
	          strerror(-error),
	          error == -EMFILE || error == -ENOSPC ? ": see inotify(7) on limits" : "");
	return error;
}

/* The folder of a unit's state, once it is there; that it comes is seen beside the socket. */
static int watch_unit(struct target *target)
{
	char path[PATH_MAX];
	int r;

	if (!place_of_unit(target->operand, path))
		return 0;
	*strrchr(path, '/') = '\0';
	r = watch_add(&target->watch, path);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

/* Watches where it is, or is to be. */
static int arm(struct target *target)
{
	const char *where = target->path ? target->path : target->operand;
	struct place place;
	int r;

	if (!target->path && !place_is_path(where)) {
		r = runtime_watch(&target->watch);
		return r < 0 ? fail(target, r) : 0;
	}
	r = place_of(where, &place);
	if (r == 0)
		r = watch_nearest(&target->watch, place.folder);
	if (r == 0 && !target->path)
		r = watch_unit(target);
	return r < 0 ? fail(target, r) : 0;
}

/* A VM that ends before anybody has looked: by its operand it is the one. */
static void pin_unseen(struct target *target, const char *file)
{
	struct place place;
	char *path;

	if (place_of(target->operand, &place) == 0 && place_has(&place, file) &&
	    asprintf(&path, "%s/%s", place.folder, file) >= 0)
		pin(target, path);
}

static void last_event(struct target *target, uint32_t mask, const char *file, int status)
{
	if (!(mask & IN_CREATE))
		return;
	if (!target->path)
		pin_unseen(target, file);
	if (target->path && strcmp(file, target->file) == 0) {
		target->last_said = true;
		target->last_status = status;
	}
}

static void event(void *user, uint32_t mask, const char *name)
{
	struct target *target = user;
	char file[NAME_MAX + 1];
	int status;

	if (!name)
		return;
	if (place_last(name, file, &status)) {
		last_event(target, mask, file, status);
	} else if (!target->path || !target->last_said) {
		return;
	} else if (strcmp(name, target->file) == 0) {
		/* It is in place, or was and is removed. */
		target->facts.ended = true;
		target->facts.exit_status = target->last_status;
		target->last_said = false;
	} else if (place_new(name, file) && strcmp(file, target->file) == 0) {
		/* It never came to be in place, and somebody new begins. */
		target->last_said = false;
	}
}

static int read_events(struct target *target)
{
	int r = watch_read(&target->watch, event, target);

	return r < 0 ? fail(target, r) : 0;
}

static int find(struct target *target)
{
	char *path;
	int r;

	if (target->path)
		return 0;
	r = find_path(target->operand, &path);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	pin(target, path);
	r = arm(target);
	watch_only_nearest(&target->watch);
	return r;
}

static bool same_writer(const struct state_writer_id *a, const struct state_writer_id *b)
{
	return a->pid == b->pid && a->start_ticks == b->start_ticks &&
	       a->pid_namespace == b->pid_namespace;
}

static void take(struct target *target, struct state *state)
{
	struct state *before = target->state;

	if (!before || !same_writer(&before->writer, &state->writer))
		close_fd(&target->process_fd);
	free(before);
	target->state = state;
	target->facts.state = state;
	target->facts.looked_usec = now_usec();
}

/* One that is held, and has not ended, needs no look. */
static void look_at_writer(struct target *target)
{
	struct pollfd end = {.fd = target->process_fd, .events = POLLIN};

	if (end.fd >= 0 && poll(&end, 1, 0) == 0)
		return;
	close_fd(&target->process_fd);
	target->facts.writer = writer_look(&target->state->writer, &target->process_fd);
}

static int load(struct target *target)
{
	struct load_problem problem;
	struct state *state;
	int r = load_state(target->path, &state, &problem);

	if (r == 0)
		take(target, state);
	if (r == 0 || r == -ENOENT || r == -ENOTDIR)
		return 0;
	log_error("%s %s", target->path, problem.text);
	return r;
}

int target_look(struct target *target)
{
	/* Before looking: what happens from here on is in the queue. */
	int r = arm(target);

	if (r == 0)
		r = find(target);
	if (r == 0 && target->path)
		r = load(target);
	if (r < 0 || !target->state)
		return r;
	look_at_writer(target);
	/* What it did before it ended may have come to the queue only now. */
	return target->facts.writer == WRITER_GONE ? read_events(target) : 0;
}

int target_wait(struct target *target, uint64_t until_usec)
{
	struct pollfd sources[] = {
		{.fd = target->watch.fd, .events = POLLIN},
		{.fd = target->process_fd, .events = POLLIN},
	};
	uint64_t now = now_usec();
	uint64_t left = until_usec > now ? until_usec - now : 0;
	const struct timespec timeout = {
		.tv_sec = (time_t)(left / USEC_PER_SEC),
		.tv_nsec = (long)(left % USEC_PER_SEC * NSEC_PER_USEC),
	};
	int r = ppoll(sources, ARRAY_SIZE(sources), until_usec ? &timeout : NULL, interrupt_mask());

	if (r < 0)
		return errno == EINTR ? TARGET_INTERRUPTED : fail(target, -errno);
	if (r == 0)
		return TARGET_TIMEOUT;
	r = read_events(target);
	return r < 0 ? r : TARGET_EVENT;
}

int target_open(struct target *target, const char *operand)
{
	int r;

	*target = (struct target){
		.operand = operand,
		.process_fd = -1,
		.facts.exit_status = -1,
	};
	r = watch_init(&target->watch);
	return r < 0 ? fail(target, r) : 0;
}

void target_begin_again(struct target *target)
{
	target->facts.ended = false;
	target->facts.exit_status = -1;
}

void target_close(struct target *target)
{
	watch_deinit(&target->watch);
	close_fd(&target->process_fd);
	free(target->state);
	free(target->path);
	*target = (struct target){.watch.fd = -1, .process_fd = -1};
}
