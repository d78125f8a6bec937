/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the guest's into what the service manager is told (rules: translate.h). */
#include "translate.h"

#include "policy.h"

/* What is known of a message before its fields are passed on. */
struct survey {
	unsigned fields;
	bool barrier;
	bool systemd;
	bool shutdown; /* has X_SYSTEMD_SHUTDOWN: its EXIT_STATUS is the guest's own */
	bool exits;    /* and it will not live again, or nobody but the guest tells of it */
	struct story_facts facts;
};

static void append_news(struct translation *translation, enum life_news news)
{
	if (news == LIFE_READY) {
		translation_line(translation, "READY=1");
		translation->state = true;
	} else if (news == LIFE_EMERGENCY) {
		translation_line(translation, TRANSLATE_EMERGENCY_STATUS);
		translation->status = true;
	}
}

static struct survey survey(const struct story *story, const char *text, size_t length,
                            unsigned *malformed)
{
	struct survey found = {.facts.sign_of_life = true};
	struct field field;

	for (const char *cursor = text; fields_next(&cursor, text + length, &field, malformed);) {
		found.fields++;
		found.barrier |= policy_classify(&field) == POLICY_BARRIER;
		found.facts.extends |= policy_classify(&field) == POLICY_EXTEND_TIMEOUT;
		found.systemd |= policy_classify(&field) == POLICY_SYSTEMD;
		if (field_is(&field, "X_SYSTEMD_SHUTDOWN"))
			found.facts.shutdown = field;
		else if (field_is(&field, "X_SYSTEMD_UNIT_ACTIVE"))
			found.facts.reached = field;
	}
	found.shutdown = found.facts.shutdown.name;
	found.exits = found.shutdown && !(story->told && story_is_reboot(&found.facts));
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
		return survey->exits;
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

void translate_message(struct life *life, struct story *story, const char *text, size_t length,
                       uint64_t now_usec, struct translation *translation, translate_seen seen,
                       void *user)
{
	unsigned passed = 0; /* kinds, as bits: each passes once */
	unsigned malformed = 0;
	struct survey found;
	enum life_news news;
	struct field field;

	translation_begin(translation);
	found = survey(story, text, length, &translation->malformed);
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
		translation_field(translation, &field);
		translation->state |= policy_is_state(kind);
		if (kind == POLICY_EXIT_STATUS && !story_is_reboot(&found.facts))
			translation->exit_status = exit_status_of(&field);
	}
	if (!(passed & (1u << POLICY_READY)))
		append_news(translation, news);
	story_tell(story, &found.facts, now_usec, translation);
}

void translate_time(struct life *life, struct story *story, uint64_t now_usec,
                    struct translation *translation)
{
	const struct story_facts nothing = {0};

	translation_begin(translation);
	translation->news = life_time(life, now_usec);
	append_news(translation, translation->news);
	story_tell(story, &nothing, now_usec, translation);
}
