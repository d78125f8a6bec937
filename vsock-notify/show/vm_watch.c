/* SPDX-License-Identifier: Apache-2.0 */
/* Watches one VM (see vm_watch.h). */
#include "vm_watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/macros.h"
#include "base/memory.h"
#include "find.h"
#include "interrupt.h"
#include "load.h"
#include "place.h"
#include "runtime.h"

/* The most looks in a row: other files in the folder may change all the time. */
#define LOOKS 64

static int fail(const struct vm_watch *watch, int error, struct failure *failure)
{
	return failure_set(failure, error, "cannot watch %s: %s%s",
	                   watch->path ? watch->path : watch->operand, strerror(-error),
	                   error == -EMFILE || error == -ENOSPC ? ": see inotify(7) on limits"
	                                                        : "");
}

/* The folder of a unit's state, if it exists. Its creation is an event in the folder of the socket, which is watched. */
static int add_folder_of_unit(struct vm_watch *watch)
{
	char path[PATH_MAX];
	int r;

	if (!place_of_unit(watch->operand, path))
		return 0;
	*strrchr(path, '/') = '\0';
	r = folder_watch_add(&watch->folders, path);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

/* Watches the folder in which the state file is, or those in which it may be made. */
static int add_folders(struct vm_watch *watch)
{
	struct place place;
	int r = place_of(watch->path ? watch->path : watch->operand, &place);

	if (r < 0)
		return r;
	r = folder_watch_nearest(&watch->folders, place.folder);
	if (r < 0 || watch->path)
		return r;
	return add_folder_of_unit(watch);
}

static int arm(struct vm_watch *watch, struct failure *failure)
{
	int r = watch->path || place_is_path(watch->operand) ? add_folders(watch)
	                                                     : runtime_watch(&watch->folders);

	return r < 0 ? fail(watch, r, failure) : 0;
}

/* Whether the file in the folder is the VM's state file. While its path is not known, any that the operand may mean is. */
static bool is_state_file(const struct vm_watch *watch, const char *folder, const char *file)
{
	CLEANUP_FREE char *path = NULL;

	if (!watch->path)
		return place_may_mean(watch->operand, folder, file);
	path = place_join(folder, file);
	return path && strcmp(path, watch->path) == 0;
}

static void announce_last(struct vm_watch *watch, const char *folder, const char *file, int status)
{
	/* If nobody has looked at this VM before its end, its path is known from now on. */
	if (!watch->path)
		watch->path = place_join(folder, file);
	watch->last_announced = watch->path != NULL;
	watch->last_status = status;
}

/* The announced end counts. If there are several, the caller waits for the first. */
static void end(struct vm_watch *watch)
{
	if (!watch->facts.ended)
		watch->facts.exit_status = watch->last_status;
	watch->facts.ended = true;
}

/*
 * An announced end counts once the last state is in place, so that whoever is told of the end finds the last state if the
 * file is kept; or once the file has been removed. It also counts if the next writer begins, because then the writer
 * died in between.
 */
static void event(void *user, uint32_t mask, const char *folder, const char *name)
{
	struct vm_watch *watch = user;
	char file[NAME_MAX + 1];
	int status;

	if (place_last(name, file, &status)) {
		if ((mask & (IN_CREATE | IN_MOVED_FROM)) && is_state_file(watch, folder, file))
			announce_last(watch, folder, file, status);
	} else if (watch->last_announced &&
	           is_state_file(watch, folder, place_new(name, file) ? file : name)) {
		end(watch);
		watch->last_announced = false;
	}
}

/* Returns 1 if there were events, 0, or a negative errno. */
static int read_events(struct vm_watch *watch, struct failure *failure)
{
	int r = folder_watch_read(&watch->folders, event, watch);

	return r < 0 ? fail(watch, r, failure) : r;
}

/* Finds the path, if it is not known yet. From then on the folder of the path is enough. */
static int find(struct vm_watch *watch, struct failure *failure)
{
	int r;

	if (watch->path)
		return 0;
	r = find_path(watch->operand, &watch->path, failure);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = arm(watch, failure);
	folder_watch_only_nearest(&watch->folders);
	return r;
}

static bool same_writer(const struct state_writer_id *a, const struct state_writer_id *b)
{
	return a->pid == b->pid && a->start_ticks == b->start_ticks &&
	       a->pid_namespace == b->pid_namespace;
}

static void take(struct vm_watch *watch, struct state *state)
{
	struct state *before = watch->facts.state;

	if (!before || !same_writer(&before->writer, &state->writer))
		close_fd(&watch->process_fd);
	free(before);
	watch->facts.state = state;
	watch->facts.looked_usec = now_usec();
}

/* The state after an announced end of which there is no file. */
static void mark_ended(struct vm_watch *watch)
{
	struct state *state = watch->facts.state;

	if (!state)
		return;
	if (state->life != STATE_PANICKED)
		state->life = STATE_STOPPED;
	if (watch->facts.exit_status >= 0)
		state->exit_status = watch->facts.exit_status;
}

/* If there is a file after an announced end, it holds the last state or the next VM's: nothing is to be added to it. */
static int load(struct vm_watch *watch, struct failure *failure)
{
	struct state *state;
	int r;

	if (!watch->path)
		return 0;
	r = load_state(watch->path, &state, failure);
	if (r == 0)
		take(watch, state);
	else if (r != -ENOENT && r != -ENOTDIR)
		return r;
	else if (watch->facts.ended)
		mark_ended(watch);
	return 0;
}

/* A writer whose pidfd is open and not readable is alive. */
static void look_at_writer(struct vm_watch *watch)
{
	struct pollfd process = {.fd = watch->process_fd, .events = POLLIN};

	if (process.fd >= 0 && poll(&process, 1, 0) == 0)
		return;
	close_fd(&watch->process_fd);
	watch->facts.writer = writer_look(&watch->facts.state->writer, &watch->process_fd);
}

static int look(struct vm_watch *watch, struct failure *failure)
{
	/* First, so that all that happens from here on is in the queue. */
	int r = arm(watch, failure);

	if (r < 0)
		return r;
	r = find(watch, failure);
	if (r < 0)
		return r;
	r = load(watch, failure);
	if (r == 0 && watch->facts.state)
		look_at_writer(watch);
	return r;
}

/*
 * Looks until nothing has happened in the meantime: the writer may have done its last work after the file was read. After
 * LOOKS looks the other events stay in the queue, for the next call.
 */
static int look_until_quiet(struct vm_watch *watch, struct failure *failure)
{
	int r = look(watch, failure);

	for (unsigned i = 1; r == 0 && watch->facts.state && i < LOOKS; i++) {
		r = read_events(watch, failure);
		if (r <= 0)
			return r;
		r = look(watch, failure);
	}
	return r;
}

int vm_watch_look(struct vm_watch *watch, struct failure *failure)
{
	int r = look_until_quiet(watch, failure);

	if (r == 0 && watch->facts.state && watch->facts.writer == WRITER_GONE &&
	    watch->last_announced) {
		/* The writer died before its last state was in place. */
		end(watch);
		mark_ended(watch);
	}
	return r;
}

int vm_watch_wait(struct vm_watch *watch, uint64_t until_usec, struct failure *failure)
{
	struct pollfd sources[] = {
		{.fd = watch->folders.fd, .events = POLLIN},
		{.fd = watch->process_fd, .events = POLLIN},
	};
	uint64_t now = now_usec();
	uint64_t left = until_usec > now ? until_usec - now : 0;
	const struct timespec timeout = {
		.tv_sec = (time_t)(left / USEC_PER_SEC),
		.tv_nsec = (long)(left % USEC_PER_SEC * NSEC_PER_USEC),
	};
	int r = ppoll(sources, ARRAY_SIZE(sources), until_usec ? &timeout : NULL, interrupt_mask());

	if (r < 0)
		return errno == EINTR ? VM_WATCH_EVENT : fail(watch, -errno, failure);
	if (r == 0)
		return VM_WATCH_TIMEOUT;
	r = read_events(watch, failure);
	return r < 0 ? r : VM_WATCH_EVENT;
}

int vm_watch_open(struct vm_watch *watch, const char *operand, struct failure *failure)
{
	int r;

	*watch = (struct vm_watch){
		.operand = operand,
		.process_fd = -1,
		.facts.exit_status = -1,
	};
	r = folder_watch_init(&watch->folders);
	return r < 0 ? fail(watch, r, failure) : 0;
}

void vm_watch_begin_again(struct vm_watch *watch)
{
	watch->facts.ended = false;
	watch->facts.exit_status = -1;
}

void vm_watch_close(struct vm_watch *watch)
{
	folder_watch_deinit(&watch->folders);
	close_fd(&watch->process_fd);
	free(watch->facts.state);
	free(watch->path);
	*watch = (struct vm_watch){.folders.fd = -1, .process_fd = -1};
}
