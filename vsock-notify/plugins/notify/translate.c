/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the guest's into what the service manager is told (rules: translate.h). */
#include "translate.h"

#include <string.h>

#include "policy.h"
#include "status_text.h"

/* What is known of a message before its fields are passed on. */
struct survey {
	unsigned fields;
	bool barrier;
	bool systemd;
	bool shutdown; /* has X_SYSTEMD_SHUTDOWN: its EXIT_STATUS is the guest's own */
};

static void append(struct translation *translation, const char *text, size_t length)
{
	if (length > sizeof(translation->text) - translation->length)
		return;
	memcpy(translation->text + translation->length, text, length);
	translation->length += length;
}

static void begin_line(struct translation *translation)
{
	if (translation->length)
		append(translation, "\n", 1);
}

/* All but the text, which length makes empty. */
static void begin(struct translation *translation)
{
	translation->length = 0;
	translation->state = false;
	translation->barrier = false;
	translation->systemd = false;
	translation->shutdown = false;
	translation->exit_status = -1;
	translation->news = LIFE_NOTHING;
	translation->malformed = 0;
}

static void append_line(struct translation *translation, const char *line)
{
	begin_line(translation);
	append(translation, line, strlen(line));
}

static void append_field(struct translation *translation, const struct field *field,
                         enum policy_field kind)
{
	begin_line(translation);
	append(translation, field->name, field->name_length);
	append(translation, "=", 1);
	if (kind == POLICY_STATUS)
		translation->length += status_text_clean(translation->text + translation->length,
		                                         field->value, field->value_length);
	else
		append(translation, field->value, field->value_length);
}

static void append_news(struct translation *translation, enum life_news news)
{
	if (news == LIFE_READY) {
		append_line(translation, "READY=1");
		translation->state = true;
	} else if (news == LIFE_EMERGENCY) {
		append_line(translation, TRANSLATE_EMERGENCY_STATUS);
	}
}

static struct survey survey(const char *text, size_t length, unsigned *malformed)
{
	struct survey found = {0};
	struct field field;

	for (const char *cursor = text; fields_next(&cursor, text + length, &field, malformed);) {
		found.fields++;
		found.barrier |= policy_classify(&field) == POLICY_BARRIER;
		found.systemd |= policy_classify(&field) == POLICY_SYSTEMD;
		found.shutdown |= field_is(&field, "X_SYSTEMD_SHUTDOWN");
	}
	return found;
}

/* Moves the life on by the fields that tell of it. */
static enum life_news follow_life(struct life *life, const char *text, size_t length,
                                  uint64_t now_usec)
{
	enum life_news news = LIFE_NOTHING;
	struct field field;
	unsigned malformed = 0;

	for (const char *cursor = text; fields_next(&cursor, text + length, &field, &malformed);) {
		enum policy_field kind = policy_classify(&field);
		enum life_news one = LIFE_NOTHING;

		if (kind == POLICY_SYSTEMD)
			one = life_systemd(life, &field);
		else if (kind == POLICY_READY)
			one = life_ready(life, now_usec);
		if (one != LIFE_NOTHING)
			news = one;
	}
	return news;
}

static bool passes(enum policy_field kind, const struct survey *survey, enum life_news news)
{
	switch (kind) {
	case POLICY_READY:
		return news == LIFE_READY;
	case POLICY_STATUS:
		return news != LIFE_EMERGENCY;
	case POLICY_EXIT_STATUS:
		return survey->shutdown;
	case POLICY_STOPPING:
	case POLICY_EXTEND_TIMEOUT:
		return true;
	case POLICY_BARRIER:
	case POLICY_SYSTEMD:
	case POLICY_REFUSED:
		break;
	}
	return false;
}

/* Refused by the allow-list, in distinction to what is only kept back or read here. */
static bool is_refused(enum policy_field kind, const struct survey *survey)
{
	return kind == POLICY_REFUSED || (kind == POLICY_EXIT_STATUS && !survey->shutdown) ||
	       (kind == POLICY_BARRIER && survey->fields > 1);
}

static int exit_status_of(const struct field *field)
{
	unsigned long long number = 0;

	field_number(field, 255, &number);
	return (int)number;
}

void translate_message(struct life *life, const char *text, size_t length, uint64_t now_usec,
                       struct translation *translation, translate_seen seen, void *user)
{
	unsigned passed = 0; /* kinds, as bits: each passes once */
	unsigned malformed = 0;
	struct survey found;
	enum life_news news;
	struct field field;

	begin(translation);
	found = survey(text, length, &translation->malformed);
	translation->barrier = found.barrier && found.fields == 1;
	translation->systemd = found.systemd;
	translation->shutdown = found.shutdown;
	news = follow_life(life, text, length, now_usec);
	translation->news = news;
	for (const char *cursor = text; fields_next(&cursor, text + length, &field, &malformed);) {
		enum policy_field kind = policy_classify(&field);

		if (seen)
			seen(user, &field, is_refused(kind, &found));
		if ((passed & (1u << kind)) || !passes(kind, &found, news))
			continue;
		passed |= 1u << kind;
		append_field(translation, &field, kind);
		translation->state |= policy_is_state(kind);
		if (kind == POLICY_EXIT_STATUS)
			translation->exit_status = exit_status_of(&field);
	}
	if (!(passed & (1u << POLICY_READY)))
		append_news(translation, news);
}

void translate_time(struct life *life, uint64_t now_usec, struct translation *translation)
{
	begin(translation);
	translation->news = life_time(life, now_usec);
	append_news(translation, translation->news);
}
