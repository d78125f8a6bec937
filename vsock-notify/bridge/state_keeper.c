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
#include "base/parse.h"
#include "state/state_writer.h"

uint64_t state_keeper_due(enum state_change change, uint64_t written_usec)
{
	static const uint64_t apart[] = {
		[STATE_COUNTED] = STATE_COUNTED_USEC,
		[STATE_TOLD] = STATE_TOLD_USEC,
		[STATE_MOVED] = STATE_MOVED_USEC,
	};

	return written_usec + apart[change];
}

/* The path's component that ends at end: where it begins, and its length. */
static const char *component(const char *path, size_t *length)
{
	const char *begin;

	while (*length > 1 && path[*length - 1] == '/')
		--*length;
	begin = memrchr(path, '/', *length);
	begin = begin ? begin + 1 : path;
	*length -= (size_t)(begin - path);
	return begin;
}

static bool ends_with(const char *text, size_t length, const char *suffix)
{
	size_t size = strlen(suffix);

	return length > size && memcmp(text + length - size, suffix, size) == 0;
}

void state_keeper_name(char *name, const char *vsock)
{
	size_t length = strlen(vsock);
	const char *begin = component(vsock, &length);

	if (ends_with(begin, length, ".vsock") || ends_with(begin, length, ".sock"))
		length = (size_t)((const char *)memrchr(begin, '.', length) - begin);
	/* What all are called is no name: its folder's is. */
	if (length == strlen("vsock") && memcmp(begin, "vsock", length) == 0 && begin > vsock + 1) {
		length = (size_t)(begin - vsock - 1);
		begin = component(vsock, &length);
	}
	snprintf(name, STATE_NAME_MAX, "%.*s", (int)length, begin);
}

static uint64_t realtime_of_boot(void)
{
	struct timespec real;

	clock_gettime(CLOCK_REALTIME, &real);
	return (uint64_t)real.tv_sec * USEC_PER_SEC + (uint64_t)real.tv_nsec / NSEC_PER_USEC -
	       now_usec();
}

/* Who may connect may read. */
static mode_t file_mode(mode_t socket_mode)
{
	return 0600 | (socket_mode & 0060 ? 0040 : 0) | (socket_mode & 0006 ? 0004 : 0);
}

/* One that is looked at from another folder. */
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

size_t state_keeper_vsock(const char *socket, uint32_t *port)
{
	const char *underscore = strrchr(socket, '_');
	uint64_t number;

	if (!underscore || parse_u64(underscore + 1, &number) < 0 || number > UINT32_MAX)
		return strlen(socket);
	*port = (uint32_t)number;
	return (size_t)(underscore - socket);
}

static void set_identity(struct state *state, const struct bridge_options *options,
                         const char *socket)
{

	state->port = options->port;
	snprintf(state->vsock, sizeof(state->vsock), "%.*s",
	         (int)state_keeper_vsock(socket, &state->port), socket);
	if (options->name)
		snprintf(state->name, sizeof(state->name), "%s", options->name);
	else
		state_keeper_name(state->name, state->vsock);
	state->realtime_usec = realtime_of_boot();
	state->writer.pid = getpid();
	state_writer_start(state->writer.pid, &state->writer.start_ticks);
	state->writer.pid_namespace = state_writer_namespace();
}

static void complain(struct state_keeper *keeper, int error)
{
	if (keeper->complained)
		return;
	keeper->complained = true;
	log_warning("no state file %s: %s: going on without; --state=PATH puts it elsewhere, "
	            "--state=no wants none",
	            keeper->path, strerror(-error));
}

static void take_counters(struct state_keeper *keeper)
{
	keeper->state->delivered = keeper->outbox->delivered;
	keeper->state->dropped = keeper->outbox->dropped;
}

static void write_state(struct state_keeper *keeper)
{
	int r;

	take_counters(keeper);
	r = state_file_replace(&keeper->file, keeper->state);
	if (r < 0)
		complain(keeper, r);
	keeper->change = STATE_SAME;
	keeper->written_usec = now_usec();
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
	when = state_keeper_due(change, keeper->written_usec);
	if (when <= now_usec())
		loop_idle_set(keeper->loop, &keeper->idle);
	else
		loop_timer_set(keeper->loop, &keeper->timer, when);
}

static int open_file(struct state_keeper *keeper, const struct bridge_options *options,
                     struct failure *failure)
{
	const struct listener_options *listener = &options->listener;
	int r = state_file_open(&keeper->file, keeper->path, file_mode(listener->mode),
	                        listener->has_group ? listener->group : (gid_t)-1);

	/* It may be given to a group that is not ours only until confinement: so it is ours, where files are made. */
	if (r == 0 && listener->has_group)
		setfsgid(listener->group);
	if (r != STATE_FILE_FOREIGN)
		return r;
	return failure_set(
		failure, r,
		"%s is there and is no state file: it is left alone; remove it or choose "
		"another with --state=PATH",
		keeper->path);
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
	r = open_file(keeper, options, failure);
	if (r == STATE_FILE_FOREIGN)
		return r;
	if (r == 0)
		write_state(keeper);
	else
		complain(keeper, r);
	return 0;
}

/* All zeros, and no page of it touched: calloc(3) writes them over what its heap has already. */
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
	/* An abstract socket, which a service manager may pass, is beside no file. */
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
	if (keeper->state)
		changed(keeper, state_event(keeper->state, event));
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
		                         end->port == PEER_PORT_UNKNOWN ? -1 : (int64_t)end->port));
}

void state_keeper_finish(struct state_keeper *keeper, int exit_status)
{
	int r;

	if (!keeper->state)
		return;
	state_end(keeper->state, exit_status, now_usec());
	take_counters(keeper);
	r = state_file_finish(&keeper->file, keeper->state, keeper->keep);
	if (r < 0)
		complain(keeper, r);
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
