/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of systemd's PID 1, known by their content (theory: pid1.h). */
#include "pid1.h"

#include <string.h>

#include "fields.h"

#define DIGITS            "0123456789"
#define HEX               DIGITS "abcdef"
#define MACHINE_ID_LENGTH 32

static bool only(const struct field *field, const char *allowed)
{
	for (size_t i = 0; i < field->value_length; i++)
		if (!memchr(allowed, field->value[i], strlen(allowed)))
			return false;
	return field->value_length > 0;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && memcmp(text + length - n, end, n) == 0;
}

static bool is_anything(const struct field *field)
{
	return field->value_length > 0;
}

static bool is_digits(const struct field *field)
{
	return only(field, DIGITS);
}

/* What X_SYSTEMD_SHUTDOWN= can say, systemd(1). */
static bool is_shutdown(const struct field *field)
{
	static const char *const ways[] = {"poweroff", "reboot", "halt", "kexec", "exit"};

	return field_value_is_one_of(field, ways, sizeof(ways) / sizeof(ways[0]));
}

static bool is_target(const struct field *field)
{
	return ends_with(field->value, field->value_length, ".target");
}

static bool is_machine_id(const struct field *field)
{
	return only(field, HEX) && field->value_length == MACHINE_ID_LENGTH;
}

/* What ends a message of PID 1's, or is one: the last line decides whether it is whole. */
static const struct {
	const char *name;
	bool (*whole)(const struct field *field);
} last_lines[] = {
	{"X_SYSTEMD_UNIT_ACTIVE", is_target},        {"X_SYSTEMD_UNIT_INACTIVE", is_target},
	{"X_SYSTEMD_HOSTNAME", is_anything},         {"X_SYSTEMD_MACHINE_ID", is_machine_id},
	{"X_SYSTEMD_SIGNALS_LEVEL", is_digits},      {"X_SYSTEMD_SHUTDOWN", is_shutdown},
	{"X_SYSTEMD_REBOOT_PARAMETER", is_anything}, {"MONOTONIC_USEC", is_digits},
};

static bool is_whole_last_line(const struct field *field)
{
	for (size_t i = 0; i < sizeof(last_lines) / sizeof(last_lines[0]); i++)
		if (field_is(field, last_lines[i].name))
			return last_lines[i].whole(field);
	return false;
}

/* Moves *text over a run of digits. */
static bool skip_digits(const char **text, const char *end)
{
	const char *start = *text;

	while (*text < end && **text >= '0' && **text <= '9')
		(*text)++;
	return *text > start;
}

static bool skip_word(const char **text, const char *end, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(end - *text) < length || memcmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

/* "STATUS=[(1 of 5) ]User job foo.service/start running (19s / 1min 43s)..." */
static bool is_job_status(const char *text, size_t length)
{
	const char *end = text + length;

	if (!skip_word(&text, end, "STATUS="))
		return false;
	if (skip_word(&text, end, "(") &&
	    !(skip_digits(&text, end) && skip_word(&text, end, " of ") && skip_digits(&text, end) &&
	      skip_word(&text, end, ") ")))
		return false;
	return skip_word(&text, end, "User job ") && !memchr(text, '\n', (size_t)(end - text)) &&
	       ends_with(text, (size_t)(end - text), ")...");
}

/* "STATUS=Activating special unit poweroff.target...": a signal has asked for it, systemd(1). */
static bool is_special_status(const char *text, size_t length)
{
	const char *end = text + length;

	return skip_word(&text, end, "STATUS=Activating special unit ") &&
	       !memchr(text, '\n', (size_t)(end - text)) &&
	       ends_with(text, (size_t)(end - text), "...");
}

/* From systemd 261 on PID 1 hands on what services store, "FDSTORE=1 FDNAME=sub-fdstore-1"; vsock takes no descriptor along. */
static bool is_fd_store(const char *text, size_t length)
{
	const char *end = text + length;

	return (skip_word(&text, end, "FDSTORE=1\nFDNAME=") ||
	        skip_word(&text, end, "FDSTOREREMOVE=1\nFDNAME=")) &&
	       text < end && !memchr(text, '\n', (size_t)(end - text));
}

static bool is_ready(const char *text, size_t length)
{
	static const char ready[] = "READY=1\nSTATUS=Ready.";

	return length == strlen(ready) && memcmp(text, ready, length) == 0;
}

bool pid1_recognises(const char *text, size_t length)
{
	const char *cursor = text;
	struct field field, last = {0};
	unsigned skipped = 0;

	if (is_ready(text, length) || is_job_status(text, length) ||
	    is_special_status(text, length) || is_fd_store(text, length))
		return true;
	while (fields_next(&cursor, text + length, &field, &skipped))
		last = field;
	if (!last.name || skipped > 0 || !is_whole_last_line(&last))
		return false;
	/* A newline promises another line, except here: systemd 254 ends this one with it. */
	return text[length - 1] != '\n' || field_is(&last, "MONOTONIC_USEC");
}
