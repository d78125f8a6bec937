/* SPDX-License-Identifier: Apache-2.0 */
/* A state file's text, read (see state_read.h). */
#include "state_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

#define VERSION_KEY "VSOCK_NOTIFY_STATE="

/* A decimal number, up to the byte after it, to which *end is set. */
static bool number_at(const char *text, char **end, uint64_t *number)
{
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, end, 10);
	return errno == 0;
}

static bool read_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
	char *end;

	return number_at(text, &end, number) && *end == '\0' && *number >= low && *number <= high;
}

/* Numbers by their key; narrow ones have a bound of their own. */
static bool read_u64(char *value, void *out)
{
	return read_number(value, 0, UINT64_MAX, out);
}

static bool read_u32(char *value, void *out)
{
	uint64_t number;
	bool good = read_number(value, 0, UINT32_MAX, &number);

	if (good)
		*(uint32_t *)out = (uint32_t)number;
	return good;
}

static bool read_pid(char *value, void *out)
{
	uint64_t number;
	bool good = read_number(value, 1, INT32_MAX, &number);

	if (good)
		*(pid_t *)out = (pid_t)number;
	return good;
}

static bool read_exit_status(char *value, void *out)
{
	uint64_t number;
	bool good = read_number(value, 0, 255, &number);

	if (good)
		*(int *)out = (int)number;
	return good;
}

static bool read_port(char *value, void *out)
{
	uint64_t number;
	bool good = read_number(value, 0, UINT32_MAX, &number);

	if (good)
		*(int64_t *)out = (int64_t)number;
	return good;
}

static bool read_flag(char *value, void *out)
{
	*(bool *)out = strcmp(value, "1") == 0;
	return *(bool *)out;
}

static bool read_life(char *value, void *out)
{
	return state_life_parse(value, out);
}

static bool read_text(char *value, char *out, size_t room)
{
	long length = unescape_bytes(value);

	if (length < 0 || (size_t)length >= room)
		return false;
	memcpy(out, value, (size_t)length + 1);
	return true;
}

#define MEMBER_SIZE(member) sizeof(((struct state *)0)->member)

static const struct {
	const char *key;
	bool (*read)(char *value, void *out); /* NULL: a text */
	size_t at;
	size_t room; /* of a text */
} scalars[] = {
	{"NAME", NULL, offsetof(struct state, name), MEMBER_SIZE(name)},
	{"VSOCK", NULL, offsetof(struct state, vsock), MEMBER_SIZE(vsock)},
	{"PORT", read_u32, offsetof(struct state, port), 0},
	{"PID", read_pid, offsetof(struct state, writer.pid), 0},
	{"PID_START", read_u64, offsetof(struct state, writer.start_ticks), 0},
	{"PID_NAMESPACE", read_u64, offsetof(struct state, writer.pid_namespace), 0},
	{"REALTIME_USEC", read_u64, offsetof(struct state, realtime_usec), 0},
	{"VMM_PID", read_pid, offsetof(struct state, vmm_pid), 0},
	{"PROCESS", read_pid, offsetof(struct state, process), 0},
	{"PROCESS_ID", read_u64, offsetof(struct state, process_id), 0},
	{"STATE", read_life, offsetof(struct state, life), 0},
	{"SINCE_USEC", read_u64, offsetof(struct state, since_usec), 0},
	{"LAST_STATE", read_life, offsetof(struct state, last_life), 0},
	{"LAST_SINCE_USEC", read_u64, offsetof(struct state, last_since_usec), 0},
	{"LISTENING_USEC", read_u64, offsetof(struct state, listening_usec), 0},
	{"STARTED_USEC", read_u64, offsetof(struct state, started_usec), 0},
	{"FIRST_USEC", read_u64, offsetof(struct state, first_usec), 0},
	{"READY_USEC", read_u64, offsetof(struct state, ready_usec), 0},
	{"BOOTS", read_u32, offsetof(struct state, boots), 0},
	{"PAUSED", read_flag, offsetof(struct state, paused), 0},
	{"EXIT_STATUS", read_exit_status, offsetof(struct state, exit_status), 0},
	{"SHUTDOWN", NULL, offsetof(struct state, way), MEMBER_SIZE(way)},
	{"STATUS", NULL, offsetof(struct state, status), MEMBER_SIZE(status)},
	{"CONNECTIONS", read_u64, offsetof(struct state, connections), 0},
	{"DELIVERED", read_u64, offsetof(struct state, delivered), 0},
	{"DROPPED", read_u64, offsetof(struct state, dropped), 0},
	{"REFUSED_FIELDS", read_u64, offsetof(struct state, refused), 0},
	{"HELD_USEC", read_u64, offsetof(struct state, held_usec), 0},
	{"HELD_MAX_USEC", read_u32, offsetof(struct state, held_max_usec), 0},
	{"GUEST_PORT", read_port, offsetof(struct state, guest_port), 0},
	{"UNITS_LOST", read_u32, offsetof(struct state, facts.lost[STATE_UNIT]), 0},
	{"FIELDS_LOST", read_u32, offsetof(struct state, facts.lost[STATE_FIELD]), 0},
	{"REFUSED_LOST", read_u32, offsetof(struct state, facts.lost[STATE_REFUSED]), 0},
};

static bool read_scalar(struct state *state, size_t which, char *value)
{
	void *out = (char *)state + scalars[which].at;

	return scalars[which].read ? scalars[which].read(value, out)
	                           : read_text(value, out, scalars[which].room);
}

/* Two numbers and a space after each. Returns what follows, or NULL. */
static char *two_numbers(char *text, uint64_t *first, uint64_t *second)
{
	if (!number_at(text, &text, first) || *text++ != ' ')
		return NULL;
	if (!number_at(text, &text, second) || *text++ != ' ')
		return NULL;
	return text;
}

static bool read_fact(struct state *state, enum state_fact_kind kind, char *text)
{
	struct state_text value = {"", 0};
	struct state_text name;
	struct state_fact *fact;
	uint64_t usec, number;
	long length;

	text = two_numbers(text, &usec, &number);
	if (!text)
		return false;
	if (kind == STATE_FIELD) {
		char *equals = strchr(text, '=');

		if (!equals)
			return false;
		*equals = '\0';
		length = unescape_bytes(equals + 1);
		if (length < 0)
			return false;
		value = (struct state_text){equals + 1, (size_t)length};
	}
	length = unescape_bytes(text);
	/* Written, a field's name ends at its first equals sign. */
	if (length <= 0 || (kind == STATE_FIELD && strchr(text, '=')))
		return false;
	name = (struct state_text){text, (size_t)length};
	if (state_fact_find(&state->facts, kind, name))
		return false;
	fact = state_fact_set(&state->facts, kind, name, value);
	if (!fact)
		return false;
	fact->usec = usec;
	fact->number = number;
	return true;
}

static bool read_held(struct state *state, char *text)
{
	struct state_held *held = &state->held[state->held_count];
	uint64_t held_usec, bytes;

	if (state->held_count == STATE_HELD_MAX)
		return false;
	text = two_numbers(text, &held->accepted_usec, &held_usec);
	if (!text || held_usec > UINT32_MAX || !read_number(text, 0, UINT32_MAX, &bytes))
		return false;
	held->held_usec = (uint32_t)held_usec;
	held->bytes = (uint32_t)bytes;
	state->held_count++;
	return true;
}

/* Returns false if the line has a form or value that is not allowed. Unknown keys are allowed. */
static bool read_line(struct state *state, char *line)
{
	char *value = strchr(line, '=');

	if (!value)
		return false;
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++)
		if (strcmp(line, scalars[i].key) == 0)
			return read_scalar(state, i, value);
	if (strcmp(line, "UNIT") == 0)
		return read_fact(state, STATE_UNIT, value);
	if (strcmp(line, "FIELD") == 0)
		return read_fact(state, STATE_FIELD, value);
	if (strcmp(line, "REFUSED") == 0)
		return read_fact(state, STATE_REFUSED, value);
	if (strcmp(line, "HELD") == 0)
		return read_held(state, value);
	return true;
}

/* Reads the first line, and moves *text behind it. */
static enum state_fault read_version(char **text)
{
	uint64_t version;
	char *end;

	if (strncmp(*text, VERSION_KEY, strlen(VERSION_KEY)) != 0)
		return STATE_FOREIGN;
	if (!number_at(*text + strlen(VERSION_KEY), &end, &version) || version == 0)
		return STATE_FOREIGN;
	if (*end == '\0')
		return STATE_TRUNCATED;
	if (*end != '\n')
		return STATE_FOREIGN;
	*text = end + 1;
	return version > STATE_VERSION ? STATE_NEWER : STATE_FINE;
}

static enum state_fault read_lines(struct state *state, char *text, unsigned *line)
{
	for (;; text++, ++*line) {
		char *end = strchr(text, '\n');

		if (!end)
			return STATE_TRUNCATED;
		*end = '\0';
		if (strcmp(text, "END=1") == 0)
			return end[1] == '\0' ? STATE_FINE : STATE_DAMAGED;
		if (!read_line(state, text))
			return STATE_DAMAGED;
		text = end;
	}
}

enum state_fault state_read(struct state *state, char *text, unsigned *line)
{
	unsigned at = 1;
	enum state_fault fault;

	memset(state, 0, sizeof(*state));
	state_init(state, 0);
	fault = read_version(&text);
	if (fault == STATE_FINE) {
		at++;
		fault = read_lines(state, text, &at);
	}
	if (line)
		*line = at;
	return fault;
}

const char *state_fault_name(enum state_fault fault)
{
	static const char *const names[] = {
		[STATE_FINE] = "is fine",
		[STATE_FOREIGN] = "is no state file of vsock-notify's",
		[STATE_NEWER] = "is of a newer vsock-notify: use that one's program",
		[STATE_TRUNCATED] = "is not whole",
		[STATE_DAMAGED] = "is damaged",
	};

	return names[fault];
}
