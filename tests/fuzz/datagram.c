/* SPDX-License-Identifier: Apache-2.0 */
/* What a datagram for the host's service manager may be (see datagram.h). */
#include "datagram.h"

#include "fuzz.h"
#include "plugins/notify/fields.h"
#include "shown_text.h"

/* systemd's NOTIFY_BUFFER_MAX. */
#define LONGEST 4096

struct line {
	const char *name;
	size_t name_length;
	char *value; /* a string of its own */
};

enum name {
	NAME_READY,
	NAME_STOPPING,
	NAME_STATUS,
	NAME_EXTEND,
	NAME_EXIT_STATUS,
	NAME_RELOADING,
	NAME_MONOTONIC,
	NAME_WATCHDOG,
	NAME_ERRNO,
	NAME_BUSERROR,
	NAME_VARLINKERROR,
	NAMES
};

static const char *const names[NAMES] = {
	[NAME_READY] = "READY",
	[NAME_STOPPING] = "STOPPING",
	[NAME_STATUS] = "STATUS",
	[NAME_EXTEND] = "EXTEND_TIMEOUT_USEC",
	[NAME_EXIT_STATUS] = "EXIT_STATUS",
	[NAME_RELOADING] = "RELOADING",
	[NAME_MONOTONIC] = "MONOTONIC_USEC",
	[NAME_WATCHDOG] = "WATCHDOG",
	[NAME_ERRNO] = "ERRNO",
	[NAME_BUSERROR] = "BUSERROR",
	[NAME_VARLINKERROR] = "VARLINKERROR",
};

static uint64_t number(const char *text)
{
	FUZZ_CHECK(*text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 20);
	return strtoull(text, NULL, 10);
}

static void check_status(const struct datagram_rules *rules, const char *value)
{
	size_t length = strlen(value);

	FUZZ_CHECK(!rules->no_status);
	FUZZ_CHECK(rules->status_max == 0 || length <= rules->status_max);
	if (rules->status_prefix && rules->status_max == 0 &&
	    length >= strlen(rules->status_prefix))
		FUZZ_CHECK(strncmp(value, rules->status_prefix, strlen(rules->status_prefix)) == 0);
}

static void check_line(const struct datagram_rules *rules, enum name name, const char *value,
                       struct datagram_facts *facts)
{
	switch (name) {
	case NAME_READY:
		FUZZ_CHECK(rules->ready && strcmp(value, "1") == 0);
		facts->ready = true;
		break;
	case NAME_STOPPING:
		FUZZ_CHECK(!rules->no_stopping && strcmp(value, "1") == 0);
		facts->stopping = true;
		break;
	case NAME_STATUS:
		check_status(rules, value);
		break;
	case NAME_EXTEND:
		facts->extend_usec = number(value);
		FUZZ_CHECK(facts->extend_usec > 0 && facts->extend_usec <= rules->extend_max_usec);
		break;
	case NAME_EXIT_STATUS:
		FUZZ_CHECK(rules->exits && number(value) <= 255);
		facts->exit_status = (int)number(value);
		break;
	case NAME_RELOADING:
		FUZZ_CHECK(rules->reloading && strcmp(value, "1") == 0);
		facts->reloading = true;
		break;
	case NAME_MONOTONIC:
		FUZZ_CHECK(facts->reloading && number(value) == rules->now_usec);
		break;
	case NAME_WATCHDOG:
		FUZZ_CHECK(rules->watchdog && strcmp(value, "1") == 0);
		facts->watchdog = true;
		break;
	case NAME_ERRNO:
		FUZZ_CHECK(rules->errors && number(value) < 4096);
		break;
	case NAME_BUSERROR:
	case NAME_VARLINKERROR:
		FUZZ_CHECK(rules->errors);
		break;
	case NAMES:
		break;
	}
}

static enum name name_of(const struct line *line)
{
	for (int i = 0; i < NAMES; i++)
		if (strlen(names[i]) == line->name_length &&
		    memcmp(names[i], line->name, line->name_length) == 0)
			return (enum name)i;
	return NAMES;
}

/* X_FUZZ and X_PRE*, with the names that systemd's own have. */
static void check_extension(const struct datagram_rules *rules, const struct line *line)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	FUZZ_CHECK(rules->extensions);
	FUZZ_CHECK((line->name_length == 6 && memcmp(line->name, "X_FUZZ", 6) == 0) ||
	           (line->name_length >= 5 && memcmp(line->name, "X_PRE", 5) == 0));
	for (size_t i = 0; i < line->name_length; i++)
		FUZZ_CHECK(memchr(letters, line->name[i], strlen(letters)));
}

/* One line, which the service manager must see as one: no control character, no escape of its end. */
static void check_bytes(const char *text, size_t length)
{
	FUZZ_CHECK(length > 0 && text[length - 1] != '\\');
	FUZZ_CHECK(shown_text_is_clean(text, length));
}

/* The product's own reader finds the same lines in what the product wrote. */
static void check_reading(const char *text, size_t length)
{
	const char *cursor = text, *at = text;
	unsigned skipped = 0;
	struct field field;

	FUZZ_CHECK(fields_length(text, length) == (long)length);
	while (fields_next(&cursor, text + length, &field, &skipped)) {
		FUZZ_CHECK(field.name == at && field.value == at + field.name_length + 1);
		at = field.value + field.value_length + 1;
		FUZZ_CHECK(at == text + length + 1 || at[-1] == '\n');
	}
	FUZZ_CHECK(at == text + length + 1 && skipped == 0);
}

struct datagram_facts datagram_check(const struct datagram_rules *rules, const char *text,
                                     size_t length)
{
	struct datagram_facts facts = {.exit_status = -1};
	unsigned seen = 0;

	FUZZ_CHECK(length > 0 && length <= LONGEST);
	check_reading(text, length);
	for (size_t at = 0; at <= length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t n = end ? (size_t)(end - text) - at : length - at;
		const char *equals = memchr(text + at, '=', n);
		struct line line = {.name = text + at};
		enum name name;

		check_bytes(text + at, n);
		FUZZ_CHECK(equals);
		line.name_length = (size_t)(equals - line.name);
		line.value = fuzz_string(equals + 1, n - line.name_length - 1);
		name = name_of(&line);
		if (name == NAMES) {
			check_extension(rules, &line);
		} else {
			FUZZ_CHECK(!(seen & 1u << name));
			seen |= 1u << name;
			check_line(rules, name, line.value, &facts);
		}
		free(line.value);
		at += n + 1;
	}
	/* systemd: RELOADING=1 of a notify-reload unit is ignored without the time of it. */
	FUZZ_CHECK(!(seen & 1u << NAME_RELOADING) == !(seen & 1u << NAME_MONOTONIC));
	return facts;
}
