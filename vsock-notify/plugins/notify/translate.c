/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the guest's into what the service manager is told (rules: translate.h). */
#include "translate.h"

#include <limits.h>
#include <string.h>

/* What is known of a message before its fields are passed on. */
struct survey {
	unsigned fields;
	bool systemd;
	bool shutdown;   /* has X_SYSTEMD_SHUTDOWN: its EXIT_STATUS is the guest's own */
	int exit_status; /* of the first EXIT_STATUS; -1: there is none */
	bool exits;      /* and it will not live again, or nobody but the guest tells of it */
	struct story_facts facts;
};

static void append_news(struct guest *guest, struct translation *translation, enum life_news news,
                        uint64_t now_usec)
{
	if (news == LIFE_READY)
		story_state(&guest->limits, LIMITS_READY, now_usec, translation);
	else if (news == LIFE_EMERGENCY)
		translation_status(translation, TRANSLATE_EMERGENCY, strlen(TRANSLATE_EMERGENCY));
}

static int exit_status_of(const struct field *field)
{
	unsigned long long number = 0;

	field_number(field, 255, &number);
	return (int)number;
}

static struct survey survey(const struct story *story, const char *text, size_t length,
                            unsigned *malformed)
{
	struct survey found = {.facts.sign_of_life = true, .exit_status = -1};
	struct field field;

	for (const char *cursor = text; fields_next(&cursor, text + length, &field, malformed);) {
		enum policy_field kind = policy_classify(&field);

		found.fields++;
		found.facts.extends |= kind == POLICY_EXTEND_TIMEOUT;
		found.systemd |= kind == POLICY_SYSTEMD;
		if (found.exit_status < 0 && kind == POLICY_EXIT_STATUS)
			found.exit_status = exit_status_of(&field);
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

/* Refused by the policy, in distinction to what is only kept back or read here. */
static bool is_refused(const struct guest *guest, enum policy_field kind, const struct field *field,
                       const struct survey *survey)
{
	if (kind == POLICY_SYSTEMD)
		return false;
	if (!policy_passes(&guest->policy, kind, field))
		return true;
	switch (kind) {
	case POLICY_EXIT_STATUS:
		return !survey->shutdown;
	case POLICY_BARRIER:
		return survey->fields > 1;
	case POLICY_STOPPING:
		return guest->life.announces || survey->systemd;
	case POLICY_RELOADING:
		return guest->limits.state != LIMITS_READY;
	default:
		return false;
	}
}

/* Whether a field that is not refused is told now. */
static bool is_told(const struct guest *guest, enum policy_field kind, const struct field *field,
                    const struct survey *survey, enum life_news news)
{
	switch (kind) {
	case POLICY_READY:
		return news == LIFE_READY;
	case POLICY_STATUS:
		return news != LIFE_EMERGENCY;
	case POLICY_EXIT_STATUS:
		return survey->exits;
	case POLICY_SYSTEMD:
		return policy_passes(&guest->policy, kind, field);
	case POLICY_BARRIER:
		return false;
	default:
		return true;
	}
}

static void extend_timeout(struct guest *guest, struct translation *translation,
                           const struct field *field, uint64_t now_usec)
{
	unsigned long long wanted = 0;

	field_number(field, ULLONG_MAX, &wanted);
	if (!story_extend(&guest->limits, wanted, now_usec, translation))
		translation->exceeded++;
}

static void tell_field(struct guest *guest, struct translation *translation, enum policy_field kind,
                       const struct field *field, uint64_t now_usec)
{
	switch (kind) {
	case POLICY_READY:
		story_state(&guest->limits, LIMITS_READY, now_usec, translation);
		break;
	case POLICY_STOPPING:
		story_state(&guest->limits, LIMITS_STOPPING, now_usec, translation);
		break;
	case POLICY_RELOADING:
		story_state(&guest->limits, LIMITS_RELOADING, now_usec, translation);
		break;
	case POLICY_EXTEND_TIMEOUT:
		extend_timeout(guest, translation, field, now_usec);
		break;
	case POLICY_WATCHDOG:
		if (limits_watchdog(&guest->limits, now_usec))
			translation_field(translation, kind, field);
		break;
	case POLICY_EXIT_STATUS:
		translation_field(translation, kind, field);
		translation->state |= limits_end(&guest->limits, now_usec);
		break;
	default:
		translation_field(translation, kind, field);
		break;
	}
}

void translate_message(struct guest *guest, const char *text, size_t length, uint64_t now_usec,
                       struct translation *translation, translate_seen seen, void *user)
{
	unsigned malformed = 0;
	struct survey found;
	enum life_news news;
	struct field field;

	translation_begin(translation, &guest->policy, &guest->style);
	found = survey(&guest->story, text, length, &translation->malformed);
	translation->systemd = found.systemd;
	translation->shutdown = found.shutdown;
	translation->way = found.facts.shutdown.value;
	translation->way_length = found.facts.shutdown.value_length;
	if (found.shutdown && !story_is_reboot(&found.facts))
		translation->exit_status = found.exit_status;
	news = follow_life(&guest->life, text, length, now_usec);
	translation->news = news;
	for (const char *cursor = text; fields_next(&cursor, text + length, &field, &malformed);) {
		enum policy_field kind = policy_classify(&field);
		bool refused = is_refused(guest, kind, &field, &found);

		if (seen)
			seen(user, &field, refused);
		if (refused)
			continue;
		translation->barrier |= kind == POLICY_BARRIER;
		if (!is_told(guest, kind, &field, &found, news) ||
		    translation_has(translation, kind))
			continue;
		tell_field(guest, translation, kind, &field, now_usec);
	}
	if (!translation_has(translation, POLICY_READY))
		append_news(guest, translation, news, now_usec);
	story_tell(&guest->story, &found.facts, &guest->limits, now_usec, translation);
	translation_end(translation);
}

void translate_time(struct guest *guest, uint64_t now_usec, struct translation *translation)
{
	const struct story_facts nothing = {0};

	translation_begin(translation, &guest->policy, &guest->style);
	translation->news = life_time(&guest->life, now_usec);
	append_news(guest, translation, translation->news, now_usec);
	story_tell(&guest->story, &nothing, &guest->limits, now_usec, translation);
	translation_end(translation);
}

void translate_reboot(struct guest *guest, uint64_t now_usec, struct translation *translation)
{
	translation_begin(translation, &guest->policy, &guest->style);
	life_over(&guest->life);
	story_rebooted(&guest->story, &guest->limits, now_usec, translation);
	translation_end(translation);
}

void translate_vm(struct guest *guest, bool ready, const char *status, uint64_t now_usec,
                  struct translation *translation)
{
	translation_begin(translation, &guest->policy, &guest->style);
	if (ready) {
		guest->story.ready = true;
		story_state(&guest->limits, LIMITS_READY, now_usec, translation);
	}
	if (status)
		translation_status(translation, status, strlen(status));
	translation_end(translation);
}
