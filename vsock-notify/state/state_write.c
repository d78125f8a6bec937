/* SPDX-License-Identifier: Apache-2.0 */
/* A state as text (format: state_write.h). */
#include "state_write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"

struct writer {
	int fd;
	int error;
	size_t used;
	char buffer[1024];
};

static void flush(struct writer *writer)
{
	size_t done = 0;

	while (writer->error == 0 && done < writer->used) {
		ssize_t n = write(writer->fd, writer->buffer + done, writer->used - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			writer->error = -errno;
	}
	writer->used = 0;
}

static void put(struct writer *writer, const char *bytes, size_t length)
{
	if (writer->used + length > sizeof(writer->buffer))
		flush(writer);
	memcpy(writer->buffer + writer->used, bytes, length);
	writer->used += length;
}

/* Short lines and parts of lines, of what needs no escape. */
static void put_format(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put_format(struct writer *writer, const char *format, ...)
{
	char text[128];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(writer, text, (size_t)length);
}

static void put_escaped(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		char out[ESCAPE_MAX];
		size_t used;
		size_t taken = escape_bytes(text, length, out, &used);

		put(writer, out, used);
		text += taken;
		length -= taken;
	}
}

static void put_text(struct writer *writer, const char *key, const char *text)
{
	if (!*text)
		return;
	put_format(writer, "%s=", key);
	put_escaped(writer, text);
	put(writer, "\n", 1);
}

static void put_number(struct writer *writer, const char *key, uint64_t number)
{
	put_format(writer, "%s=%" PRIu64 "\n", key, number);
}

/* Times that have not come are left out. */
static void put_time(struct writer *writer, const char *key, uint64_t usec)
{
	if (usec)
		put_number(writer, key, usec);
}

static void put_identity(struct writer *writer, const struct state *state)
{
	put_text(writer, "NAME", state->name);
	put_text(writer, "VSOCK", state->vsock);
	put_number(writer, "PORT", state->port);
	if (state->writer.pid)
		put_format(writer, "PID=%d\n", (int)state->writer.pid);
	put_number(writer, "PID_START", state->writer.start_ticks);
	put_number(writer, "PID_NAMESPACE", state->writer.pid_namespace);
	put_number(writer, "REALTIME_USEC", state->realtime_usec);
	if (state->vmm_pid)
		put_format(writer, "VMM_PID=%d\n", (int)state->vmm_pid);
	if (state->process)
		put_format(writer, "PROCESS=%d\n", (int)state->process);
	put_time(writer, "PROCESS_ID", state->process_id);
}

static void put_life(struct writer *writer, const struct state *state)
{
	put_format(writer, "STATE=%s\n", state_life_name(state->life));
	put_time(writer, "SINCE_USEC", state->since_usec);
	if (state->last_life != STATE_WAITING)
		put_format(writer, "LAST_STATE=%s\n", state_life_name(state->last_life));
	put_time(writer, "LAST_SINCE_USEC", state->last_since_usec);
	put_time(writer, "LISTENING_USEC", state->listening_usec);
	put_time(writer, "STARTED_USEC", state->started_usec);
	put_time(writer, "FIRST_USEC", state->first_usec);
	put_time(writer, "READY_USEC", state->ready_usec);
	put_number(writer, "BOOTS", state->boots);
	if (state->paused)
		put_format(writer, "PAUSED=1\n");
	if (state->exit_status >= 0)
		put_format(writer, "EXIT_STATUS=%d\n", state->exit_status);
	put_text(writer, "SHUTDOWN", state->way);
	put_text(writer, "STATUS", state->status);
}

static void put_counters(struct writer *writer, const struct state *state)
{
	put_number(writer, "CONNECTIONS", state->connections);
	put_number(writer, "DELIVERED", state->delivered);
	put_number(writer, "DROPPED", state->dropped);
	put_number(writer, "REFUSED_FIELDS", state->refused);
	put_number(writer, "HELD_USEC", state->held_usec);
	put_number(writer, "HELD_MAX_USEC", state->held_max_usec);
	if (state->guest_port >= 0)
		put_format(writer, "GUEST_PORT=%" PRId64 "\n", state->guest_port);
}

static void put_fact(struct writer *writer, const struct state *state,
                     const struct state_fact *fact)
{
	static const char *const keys[] = {
		[STATE_UNIT] = "UNIT",
		[STATE_FIELD] = "FIELD",
		[STATE_REFUSED] = "REFUSED",
	};

	put_format(writer, "%s=%" PRIu64 " %" PRIu64 " ", keys[fact->kind], fact->usec,
	           fact->number);
	put_escaped(writer, state_fact_name(&state->facts, fact));
	if (fact->kind == STATE_FIELD) {
		put(writer, "=", 1);
		put_escaped(writer, state_fact_value(&state->facts, fact));
	}
	put(writer, "\n", 1);
}

static void put_lists(struct writer *writer, const struct state *state)
{
	for (unsigned i = 0; i < state->facts.count; i++)
		put_fact(writer, state, &state->facts.entries[i]);
	put_number(writer, "UNITS_LOST", state->facts.lost[STATE_UNIT]);
	put_number(writer, "FIELDS_LOST", state->facts.lost[STATE_FIELD]);
	put_number(writer, "REFUSED_LOST", state->facts.lost[STATE_REFUSED]);
	for (unsigned i = 0; i < state->held_count; i++)
		put_format(writer, "HELD=%" PRIu64 " %" PRIu32 " %" PRIu32 "\n",
		           state->held[i].accepted_usec, state->held[i].held_usec,
		           state->held[i].bytes);
}

int state_write(const struct state *state, int fd)
{
	struct writer writer = {.fd = fd};

	put_format(&writer, "VSOCK_NOTIFY_STATE=%d\n", STATE_VERSION);
	put_identity(&writer, state);
	put_life(&writer, state);
	put_counters(&writer, state);
	put_lists(&writer, state);
	put_format(&writer, "END=1\n");
	flush(&writer);
	return writer.error;
}
