/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: the notify plugin's pure readers on any bytes, each against a plain description of the
 * same: plugins/notify/fields, status_text, pid1, policy, refused.
 */
#include "plugins/notify/policy.h"

#include <errno.h>

#include "fuzz.h"
#include "plugins/notify/fields.h"
#include "plugins/notify/pid1.h"
#include "plugins/notify/refused.h"
#include "plugins/notify/status_text.h"
#include "shown_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The next line as fields.h describes it, the slow way. False at the end. */
static bool next_line(const char *text, size_t length, size_t *at, struct field *line)
{
	size_t end;

	if (*at >= length)
		return false;
	for (end = *at; end < length; end++)
		if (text[end] == '\n' || text[end] == '\r')
			break;
	*line = (struct field){.name = text + *at, .name_length = end - *at};
	*at = end + 1;
	return true;
}

/* Splits a line at its first '='. False where it is no assignment. */
static bool split_line(struct field *line)
{
	for (size_t i = 0; i < line->name_length; i++) {
		if (line->name[i] != '=')
			continue;
		line->value = line->name + i + 1;
		line->value_length = line->name_length - i - 1;
		line->name_length = i;
		return i > 0;
	}
	return false;
}

static void check_number(const struct field *field)
{
	unsigned long long number = 0, expected;
	char *text = fuzz_string(field->value, field->value_length);
	bool digits = *text && strspn(text, "0123456789") == field->value_length;

	errno = 0;
	expected = strtoull(text, NULL, 10);
	digits = digits && errno == 0 && field->value_length <= 20;
	FUZZ_CHECK(field_number(field, ~0ULL, &number) == digits);
	if (digits)
		FUZZ_CHECK(number == expected);
	FUZZ_CHECK(field_number(field, 255, &number) == (digits && expected <= 255));
	free(text);
}

static bool begins(const struct field *field, const char *prefix)
{
	return field->name_length >= strlen(prefix) &&
	       memcmp(field->name, prefix, strlen(prefix)) == 0;
}

/* What never passes, what does not pass by default, and that the user's last word counts. */
static void check_policy(const struct field *field)
{
	static const char *const orders[] = {
		"MAINPID",        "MAINPIDFD",     "MAINPIDFDID",   "NOTIFYACCESS",
		"FDSTORE",        "FDSTOREREMOVE", "FDNAME",        "FDPOLL",
		"MONOTONIC_USEC", "WATCHDOG_USEC", "RESTART_RESET", "X",
	};
	static const char *const on_request[] = {"RELOADING", "WATCHDOG", "ERRNO", "BUSERROR",
	                                         "VARLINKERROR"};
	enum policy_field kind = policy_classify(field);
	char *name = fuzz_string(field->name, field->name_length);
	struct policy policy, asked;

	policy_init(&policy);
	policy_init(&asked);
	for (size_t i = 0; i < COUNT(on_request); i++)
		FUZZ_CHECK(!field_is(field, on_request[i]) || !policy_passes(&policy, kind, field));
	FUZZ_CHECK(!begins(field, "X_") || !policy_passes(&policy, kind, field));
	if (policy_allow(&asked, name)) {
		FUZZ_CHECK(memcmp(&asked, &policy, sizeof(policy)) == 0);
	} else {
		FUZZ_CHECK(!policy_denies(&asked, kind));
		FUZZ_CHECK(begins(field, "X_") == (asked.extension_count == 1));
		FUZZ_CHECK(!policy_deny(&asked, name) && asked.extension_count == 0);
		FUZZ_CHECK(!policy_passes(&asked, kind, field));
	}
	for (size_t i = 0; i < COUNT(orders); i++) {
		FUZZ_CHECK(!field_is(field, orders[i]) || kind == POLICY_REFUSED);
		FUZZ_CHECK(policy_allow(&asked, orders[i]));
	}
	FUZZ_CHECK(!policy_passes(&asked, POLICY_REFUSED, field));
	if (kind == POLICY_READY || kind == POLICY_STOPPING || kind == POLICY_BARRIER)
		FUZZ_CHECK(field_value_is(field, "1"));
	free(name);
}

/* Each field as the plain description has it, and its views within the text. */
static void check_fields(const char *text, size_t length)
{
	const char *cursor = text;
	struct refused refused = {0};
	struct field field, line;
	unsigned skipped = 0, expected_skipped = 0, said = 0;
	size_t at = 0;

	while (next_line(text, length, &at, &line)) {
		if (line.name_length == 0)
			continue;
		if (!split_line(&line)) {
			expected_skipped++;
			continue;
		}
		FUZZ_CHECK(fields_next(&cursor, text + length, &field, &skipped));
		FUZZ_CHECK(field.name == line.name && field.name_length == line.name_length);
		FUZZ_CHECK(field.value == line.value && field.value_length == line.value_length);
		FUZZ_CHECK(skipped == expected_skipped);
		check_number(&field);
		check_policy(&field);
		said += refused_first_time(&refused, &field);
		FUZZ_CHECK(!refused_first_time(&refused, &field));
	}
	FUZZ_CHECK(!fields_next(&cursor, text + length, &field, &skipped));
	FUZZ_CHECK(skipped == expected_skipped && said <= REFUSED_NAMES_MAX);
}

static void check_length(const char *text, size_t length)
{
	size_t first_nul = strnlen(text, length);
	long expected = first_nul + 1 < length ? -1 : (long)first_nul;

	FUZZ_CHECK(fields_length(text, length) == expected);
}

/* What was clean stays so when it is cut, and is not cut more than a character and backslashes. */
static void check_cut(const char *clean, size_t length)
{
	for (size_t max = length > 64 ? length - 64 : 0; max <= length + 1; max++) {
		size_t n = status_text_cut(clean, length, max);

		FUZZ_CHECK(n <= length && n <= max && shown_text_is_clean(clean, n));
		FUZZ_CHECK(n == 0 || n == length || clean[n - 1] != '\\');
		FUZZ_CHECK(max < length || n == length);
		if (max < length && !memchr(clean, '\\', length))
			FUZZ_CHECK(n + 4 > max);
	}
}

static void check_status(const char *text, size_t length)
{
	char *clean = malloc(length + 1);
	char *again = malloc(length + 1);
	size_t n, m;

	FUZZ_CHECK(clean && again);
	n = status_text_clean(clean, text, length);
	FUZZ_CHECK(n <= length && shown_text_is_clean(clean, n));
	FUZZ_CHECK(n == 0 || clean[n - 1] != '\\');
	check_cut(clean, n);
	/* Nothing to do twice, nothing where all is well, and in place as beside. */
	m = status_text_clean(again, clean, n);
	FUZZ_CHECK(m == n && memcmp(again, clean, n) == 0);
	if (shown_text_is_clean(text, length) && (length == 0 || text[length - 1] != '\\'))
		FUZZ_CHECK(n == length && memcmp(clean, text, n) == 0);
	memcpy(again, text, length);
	m = status_text_clean(again, again, length);
	FUZZ_CHECK(m == n && memcmp(again, clean, n) == 0);
	free(clean);
	free(again);
}

/* Whether the last assignment is the clock of RELOADING=1, after which systemd 254 sends a newline. */
static bool ends_with_clock(const char *text, size_t length)
{
	struct field field, last = {0};
	const char *cursor = text;

	while (fields_next(&cursor, text + length, &field, NULL))
		last = field;
	return last.name && field_is(&last, "MONOTONIC_USEC");
}

/*
 * What ends in a newline promises more; what is taken for whole has an assignment in each line, or is the
 * status of a job.
 */
static void check_pid1(const char *text, size_t length)
{
	struct field field;
	const char *cursor = text;
	unsigned skipped = 0;

	for (size_t n = 1; n <= length; n++)
		if (text[n - 1] == '\n' && !ends_with_clock(text, n))
			FUZZ_CHECK(!pid1_recognises(text, n));
	FUZZ_CHECK(!pid1_recognises(text, 0));
	if (!pid1_recognises(text, length) || strncmp(text, "STATUS=", strnlen(text, 7)) == 0)
		return;
	while (fields_next(&cursor, text + length, &field, &skipped))
		continue;
	FUZZ_CHECK(skipped == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of its own and exactly as long: libFuzzer's and replay.c's are too, but not after a cut. */
	const char *text = (const char *)data;

	check_length(text, size);
	check_fields(text, size);
	check_status(text, size);
	if (size <= 512)
		check_pid1(text, size);
	return 0;
}
