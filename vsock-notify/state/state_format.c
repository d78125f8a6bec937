/* SPDX-License-Identifier: Apache-2.0 */
/* A state as text, written and read (format: state_format.h). */
#include "state_format.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/macros.h"

#define MEMBER_SIZE(member) sizeof(((struct state *)0)->member)

/* What a key's member is. */
enum kind {
	TEXT,
	LIFE,
	FLAG,
	U32, /* also of an int or pid_t */
	U64, /* also of an int64_t */
	TIME /* also of another U64 that is left out when it is 0 */
};

/*
 * The keys that stand for one member, in the order of the file. A number or life that is not between low and high is left out,
 * so -1 is, where it is no value. high of a text is the room for it.
 */
static const struct key {
	const char *name;
	enum kind kind;
	size_t at;
	uint64_t low, high;
} keys[] = {
	{"NAME", TEXT, offsetof(struct state, name), 0, MEMBER_SIZE(name)},
	{"VSOCK", TEXT, offsetof(struct state, vsock), 0, MEMBER_SIZE(vsock)},
	{"PORT", U32, offsetof(struct state, port), 0, UINT32_MAX},
	{"PID", U32, offsetof(struct state, writer.pid), 1, INT32_MAX},
	{"PID_START", U64, offsetof(struct state, writer.start_ticks), 0, UINT64_MAX},
	{"PID_NAMESPACE", U64, offsetof(struct state, writer.pid_namespace), 0, UINT64_MAX},
	{"REALTIME_USEC", U64, offsetof(struct state, realtime_usec), 0, UINT64_MAX},
	{"VMM_PID", U32, offsetof(struct state, vmm_pid), 1, INT32_MAX},
	{"PROCESS", U32, offsetof(struct state, process), 1, INT32_MAX},
	{"PROCESS_ID", TIME, offsetof(struct state, process_id), 0, UINT64_MAX},
	{"STATE", LIFE, offsetof(struct state, life), 0, STATE_PANICKED},
	{"SINCE_USEC", TIME, offsetof(struct state, since_usec), 0, UINT64_MAX},
	{"LAST_STATE", LIFE, offsetof(struct state, last_life), STATE_BOOTING, STATE_PANICKED},
	{"LAST_SINCE_USEC", TIME, offsetof(struct state, last_since_usec), 0, UINT64_MAX},
	{"LISTENING_USEC", TIME, offsetof(struct state, listening_usec), 0, UINT64_MAX},
	{"STARTED_USEC", TIME, offsetof(struct state, started_usec), 0, UINT64_MAX},
	{"FIRST_USEC", TIME, offsetof(struct state, first_usec), 0, UINT64_MAX},
	{"READY_USEC", TIME, offsetof(struct state, ready_usec), 0, UINT64_MAX},
	{"READY_INFERRED", FLAG, offsetof(struct state, ready_inferred), 1, 1},
	{"BOOTS", U32, offsetof(struct state, boots), 0, UINT32_MAX},
	{"PAUSED", FLAG, offsetof(struct state, paused), 1, 1},
	{"EXIT_STATUS", U32, offsetof(struct state, exit_status), 0, 255},
	{"SHUTDOWN", TEXT, offsetof(struct state, way), 0, MEMBER_SIZE(way)},
	{"STATUS", TEXT, offsetof(struct state, status), 0, MEMBER_SIZE(status)},
	{"CONNECTIONS", U64, offsetof(struct state, connections), 0, UINT64_MAX},
	{"DELIVERED", U64, offsetof(struct state, delivered), 0, UINT64_MAX},
	{"DROPPED", U64, offsetof(struct state, dropped), 0, UINT64_MAX},
	{"REFUSED_FIELDS", U64, offsetof(struct state, refused), 0, UINT64_MAX},
	{"LOST_MESSAGES", U64, offsetof(struct state, lost_messages), 0, UINT64_MAX},
	{"LIFE_LOST_MESSAGES", U64, offsetof(struct state, life_lost_messages), 0, UINT64_MAX},
	{"HELD_USEC", U64, offsetof(struct state, held_usec), 0, UINT64_MAX},
	{"HELD_MAX_USEC", U32, offsetof(struct state, held_max_usec), 0, UINT32_MAX},
	{"GUEST_PORT", U64, offsetof(struct state, guest_port), 0, UINT32_MAX},
	{"UNITS_LOST", U32, offsetof(struct state, facts.lost[STATE_UNIT]), 0, UINT32_MAX},
	{"FIELDS_LOST", U32, offsetof(struct state, facts.lost[STATE_FIELD]), 0, UINT32_MAX},
	{"REFUSED_LOST", U32, offsetof(struct state, facts.lost[STATE_REFUSED]), 0, UINT32_MAX},
};

/* The last keys, which come after the facts. */
#define LOST_KEYS STATE_FACT_KINDS

static const char *const fact_keys[] = {
	[STATE_UNIT] = "UNIT",
	[STATE_FIELD] = "FIELD",
	[STATE_REFUSED] = "REFUSED",
};

/* --- writing */

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

static uint64_t number_of(enum kind kind, const void *at)
{
	if (kind == FLAG)
		return *(const bool *)at;
	return kind == U32 ? *(const uint32_t *)at : *(const uint64_t *)at;
}

static void put_key(struct writer *writer, const struct key *key, const struct state *state)
{
	const void *at = (const char *)state + key->at;
	uint64_t number;

	if (key->kind == TEXT) {
		put_text(writer, key->name, at);
		return;
	}
	number = key->kind == LIFE ? *(const enum state_life *)at : number_of(key->kind, at);
	if (number < key->low || number > key->high || (key->kind == TIME && number == 0))
		return;
	if (key->kind == LIFE)
		put_text(writer, key->name, state_life_name((enum state_life)number));
	else
		put_number(writer, key->name, number);
}

static void put_fact(struct writer *writer, const struct state *state,
                     const struct state_fact *fact)
{
	put_format(writer, "%s=%" PRIu64 " %" PRIu64 " ", fact_keys[fact->kind], fact->usec,
	           fact->number);
	put_escaped(writer, state_fact_name(&state->facts, fact));
	if (fact->kind == STATE_FIELD) {
		put(writer, "=", 1);
		put_escaped(writer, state_fact_value(&state->facts, fact));
	}
	put(writer, "\n", 1);
}

int state_write(const struct state *state, int fd)
{
	struct writer writer = {.fd = fd};
	size_t key = 0;

	put_format(&writer, STATE_FIRST_KEY "%d\n", STATE_VERSION);
	while (key < ARRAY_SIZE(keys) - LOST_KEYS)
		put_key(&writer, &keys[key++], state);
	for (unsigned i = 0; i < state->facts.count; i++)
		put_fact(&writer, state, &state->facts.entries[i]);
	while (key < ARRAY_SIZE(keys))
		put_key(&writer, &keys[key++], state);
	for (unsigned i = 0; i < state->held_count; i++)
		put_format(&writer, "HELD=%" PRIu64 " %" PRIu32 " %" PRIu32 "\n",
		           state->held[i].accepted_usec, state->held[i].held_usec,
		           state->held[i].bytes);
	for (unsigned i = 0; i < state->lost_count; i++)
		put_number(&writer, "LOST", state->lost_usec[i]);
	put_format(&writer, "END=1\n");
	flush(&writer);
	return writer.error;
}

/* --- reading */

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

static bool read_text(char *value, char *out, size_t room)
{
	long length = unescape_bytes(value);

	if (length < 0 || (size_t)length >= room)
		return false;
	memcpy(out, value, (size_t)length + 1);
	return true;
}

static bool read_value(const struct key *key, struct state *state, char *value)
{
	void *out = (char *)state + key->at;
	uint64_t number;

	if (key->kind == TEXT)
		return read_text(value, out, key->high);
	if (key->kind == LIFE)
		return state_life_parse(value, out);
	if (!read_number(value, key->low, key->high, &number))
		return false;
	if (key->kind == FLAG)
		*(bool *)out = true;
	else if (key->kind == U32)
		*(uint32_t *)out = (uint32_t)number;
	else
		*(uint64_t *)out = number;
	return true;
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

static bool read_lost(struct state *state, const char *text)
{
	return state->lost_count < STATE_LOST_MAX &&
	       read_number(text, 0, UINT64_MAX, &state->lost_usec[state->lost_count++]);
}

/* Returns false if the line has a form or value that is not allowed. Unknown keys are allowed. */
static bool read_line(struct state *state, char *line)
{
	char *value = strchr(line, '=');

	if (!value)
		return false;
	*value++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(line, keys[i].name) == 0)
			return read_value(&keys[i], state, value);
	for (unsigned kind = 0; kind < STATE_FACT_KINDS; kind++)
		if (strcmp(line, fact_keys[kind]) == 0)
			return read_fact(state, kind, value);
	if (strcmp(line, "HELD") == 0)
		return read_held(state, value);
	if (strcmp(line, "LOST") == 0)
		return read_lost(state, value);
	return true;
}

/* Reads the first line, and moves *text behind it. */
static enum state_fault read_version(char **text)
{
	uint64_t version;
	char *end;

	if (strncmp(*text, STATE_FIRST_KEY, strlen(STATE_FIRST_KEY)) != 0)
		return STATE_FOREIGN;
	if (!number_at(*text + strlen(STATE_FIRST_KEY), &end, &version) || version == 0)
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
