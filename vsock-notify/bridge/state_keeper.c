/* SPDX-License-Identifier: Apache-2.0 */
/* When the state file is written (theory: state_keeper.h). */
#include "state_keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/memory.h"
#include "state/state_process.h"
#include "take_up.h"
#include "vm_name.h"

uint64_t state_keeper_due(enum state_change change, uint64_t written_usec)
{
	static const uint64_t apart[] = {
		[STATE_COUNTED] = STATE_COUNTED_USEC,
		[STATE_TOLD] = STATE_TOLD_USEC,
		[STATE_MOVED] = STATE_MOVED_USEC,
	};

	return written_usec + apart[change];
}

/* Users who may connect to the socket may read the state. */
static mode_t file_mode(mode_t socket_mode)
{
	return 0600 | (socket_mode & 0060 ? 0040 : 0) | (socket_mode & 0006 ? 0004 : 0);
}

/* Makes path absolute, for readers that have another working directory. */
static char *absolute(const char *path)
{
	CLEANUP_FREE char *folder = *path == '/' ? NULL : getcwd(NULL, 0);
	char *made;

	if (!folder)
		return strdup(path);
	return asprintf(&made, "%s/%s", folder, strncmp(path, "./", 2) == 0 ? path + 2 : path) < 0
	               ? NULL
	               : made;
}

static void set_identity(struct state *state, const struct bridge_options *options,
                         const char *socket)
{
	state->port = options->port;
	snprintf(state->vsock, sizeof(state->vsock), "%.*s",
	         (int)vm_name_vsock(socket, &state->port), socket);
	if (options->name)
		snprintf(state->name, sizeof(state->name), "%s", options->name);
	else
		vm_name(state->name, state->vsock);
	state->writer.pid = getpid();
	state_process_start(state->writer.pid, &state->writer.start_ticks);
	state->writer.pid_namespace = state_process_namespace();
}

/* Logs once that writes fail, and once that they succeed again. */
static void note_result(struct state_keeper *keeper, int error)
{
	if (error < 0 && !keeper->failing)
		log_limited(VSN_LOG_WARNING,
		            "cannot write the state file %s: %s: it is tried again each second; "
		            "--state=PATH puts it elsewhere, --state=no wants none",
		            keeper->path, strerror(-error));
	if (error == 0 && keeper->failing)
		log_limited(VSN_LOG_INFO, "the state file %s is written again", keeper->path);
	keeper->failing = error < 0;
}

/* Fills in what changes with time, and what the outbox counts. */
static void complete(struct state_keeper *keeper)
{
	keeper->state->realtime_usec = state_realtime_of_boot();
	keeper->state->delivered = keeper->before.delivered + keeper->outbox->delivered;
	keeper->state->dropped = keeper->before.dropped + keeper->outbox->dropped;
}

/* A change that could not be written is kept for the next try. */
static void write_state(struct state_keeper *keeper)
{
	int r;

	complete(keeper);
	r = state_file_replace(&keeper->file, keeper->state);
	note_result(keeper, r);
	keeper->written_usec = now_usec();
	if (r == 0)
		keeper->change = STATE_SAME;
	else
		loop_timer_set(keeper->loop, &keeper->timer,
		               keeper->written_usec + STATE_RETRY_USEC);
}

static void idle(struct loop_idle *source)
{
	struct state_keeper *keeper = container_of(source, struct state_keeper, idle);

	loop_timer_cancel(&keeper->timer);
	if (keeper->change != STATE_SAME)
		write_state(keeper);
}

static void due(struct loop_timer *timer, uint64_t now)
{
	struct state_keeper *keeper = container_of(timer, struct state_keeper, timer);

	(void)now;
	loop_idle_set(keeper->loop, &keeper->idle);
}

static void changed(struct state_keeper *keeper, enum state_change change)
{
	uint64_t when;

	if (change <= keeper->change)
		return;
	keeper->change = change;
	/* The timer for the next try is set, and that try writes this change too. */
	if (keeper->failing)
		return;
	when = state_keeper_due(change, keeper->written_usec);
	if (when <= now_usec())
		loop_idle_set(keeper->loop, &keeper->idle);
	else
		loop_timer_set(keeper->loop, &keeper->timer, when);
}

static int open_file(struct state_keeper *keeper, const struct bridge_options *options)
{
	const struct listener_options *listener = &options->listener;
	int r = state_file_open(&keeper->file, keeper->path, file_mode(listener->mode),
	                        listener->has_group ? listener->group : (gid_t)-1);

	/* After confinement a file cannot be given to another group, so files are made with it. */
	if (r == 0 && listener->has_group)
		setfsgid(listener->group);
	return r;
}

static int begin(struct state_keeper *keeper, const struct bridge_options *options,
                 const char *path, struct failure *failure)
{
	int r;

	set_identity(keeper->state, options, path);
	if (asprintf(&keeper->path, "%s%s", options->state ? options->state : path,
	             options->state ? "" : STATE_FILE_SUFFIX) < 0) {
		keeper->path = NULL;
		return -ENOMEM;
	}
	r = open_file(keeper, options);
	if (r == STATE_FILE_FOREIGN)
		return failure_set(failure, r,
		                   "%s is there and is no state file: it is left alone; remove it "
		                   "or choose another with --state=PATH",
		                   keeper->path);
	if (r < 0) {
		log_warning("no state file %s: %s: going on without; --state=PATH puts it "
		            "elsewhere, --state=no wants none",
		            keeper->path, strerror(-r));
		return 0;
	}
	keeper->taken_up = take_up(keeper->state, &keeper->file);
	keeper->before.delivered = keeper->state->delivered;
	keeper->before.dropped = keeper->state->dropped;
	keeper->change = STATE_MOVED;
	write_state(keeper);
	return 0;
}

/* All zeros, without touching its pages: calloc(3) may write zeros over a part of the heap. */
static struct state *new_state(void)
{
	void *pages = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

int state_keeper_start(struct state_keeper *keeper, struct loop *loop,
                       const struct bridge_options *options, const struct outbox *outbox,
                       const char *path, struct failure *failure)
{
	CLEANUP_FREE char *whole_path = NULL;

	*keeper = (struct state_keeper){
		.loop = loop,
		.outbox = outbox,
		.file.folder_fd = -1,
		.timer.callback = due,
		.idle.callback = idle,
		.keep = options->keep_state,
	};
	/* A service manager may pass an abstract socket, which is in no folder. */
	if (options->no_state || !*path)
		return 0;
	whole_path = absolute(path);
	keeper->state = new_state();
	if (!keeper->state || !whole_path)
		return -ENOMEM;
	state_init(keeper->state, now_usec());
	return begin(keeper, options, whole_path, failure);
}

void state_keeper_event(struct state_keeper *keeper, const struct vsn_event *event)
{
	enum state_change change;

	if (!keeper->state)
		return;
	change = state_event(keeper->state, event);
	if (event->type == VSN_EVENT_VM_PROCESS)
		keeper->state->process_id = state_process_id(keeper->state->process);
	changed(keeper, change);
}

void state_keeper_connection(struct state_keeper *keeper, const struct connection_end *end)
{
	const struct state_held held = {
		.accepted_usec = end->accepted_usec,
		.held_usec = (uint32_t)min_u64(end->held_usec, UINT32_MAX),
		.bytes = (uint32_t)end->bytes,
	};

	if (keeper->state)
		changed(keeper,
		        state_connection(keeper->state, &held,
		                         end->port == VSN_PORT_UNKNOWN ? -1 : (int64_t)end->port));
}

void state_keeper_finish(struct state_keeper *keeper, int exit_status)
{
	int r;

	if (!keeper->state)
		return;
	state_end(keeper->state, exit_status, now_usec());
	complete(keeper);
	r = state_file_finish(&keeper->file, keeper->state, keeper->keep);
	if (r < 0 && !keeper->failing)
		log_warning("cannot write the last state to %s: %s", keeper->path, strerror(-r));
}

void state_keeper_deinit(struct state_keeper *keeper)
{
	loop_timer_cancel(&keeper->timer);
	loop_idle_cancel(&keeper->idle);
	state_file_close(&keeper->file);
	free(keeper->path);
	if (keeper->state)
		munmap(keeper->state, sizeof(*keeper->state));
	keeper->path = NULL;
	keeper->state = NULL;
}
