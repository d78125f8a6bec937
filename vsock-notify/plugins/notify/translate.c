/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the guest's into what the service manager is told (rules: translate.h). */
#include "translate.h"

#include <limits.h>
#include <string.h>

/* What is known of a message before its fields are passed on. */
struct survey {
	unsigned fields;
	bool systemd;
	bool shutdown; /* has X_SYSTEMD_SHUTDOWN: its EXIT_STATUS is the guest's own */
	bool exits;    /* and the guest will not live again, or only the guest tells of that */
	struct story_facts facts;
};

/* Tells what follows from the guest's life but is not in the message itself. */
static void append_life(struct guest *guest, struct translation *translation,
                        const struct life_step *step, uint64_t now_usec)
{
	if (step->ready)
		story_state(&guest->limits, LIMITS_READY, now_usec, translation);
	if (step->degraded)
		translation_status(translation, TRANSLATE_EMERGENCY, strlen(TRANSLATE_EMERGENCY));
	else if (step->recovered)
		translation_status(translation, TRANSLATE_RECOVERED, strlen(TRANSLATE_RECOVERED));
}

static struct survey survey(const struct story *story, const char *text, size_t length,
                            unsigned *malformed)
{
	struct survey found = {.facts.sign_of_life = true};
	struct field field;

	for (const char *cursor = text; fields_next(&cursor, text + length, &field, malformed);) {
		enum policy_field kind = policy_classify(&field);

		found.fields++;
		found.facts.extends |= kind == POLICY_EXTEND_TIMEOUT;
		found.systemd |= kind == POLICY_SYSTEMD;
		if (field_is(&field, "X_SYSTEMD_SHUTDOWN"))
			found.facts.shutdown = field;
		else if (field_is(&field, "X_SYSTEMD_UNIT_ACTIVE"))
			found.facts.reached = field;
	}
	found.shutdown = found.facts.shutdown.name;
	found.exits = found.shutdown && !(story->told && life_is_reboot(&found.facts.shutdown));
	return found;
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
                    const struct survey *survey, const struct life_step *step)
{
	switch (kind) {
	case POLICY_READY:
		return step->ready;
	case POLICY_STATUS:
		return !step->degraded;
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
	struct life_step *step = &guest->step;
	unsigned malformed = 0;
	struct survey found;
	struct field field;

	translation_begin(translation, &guest->policy, &guest->style);
	found = survey(&guest->story, text, length, &translation->malformed);
	life_message(&guest->life, text, length, now_usec, step);
	if (step->rebooted)
		story_rebooted(&guest->story, &guest->limits, now_usec, translation);
	for (const char *cursor = text; fields_next(&cursor, text + length, &field, &malformed);) {
		enum policy_field kind = policy_classify(&field);
		bool refused = is_refused(guest, kind, &field, &found);

		if (seen)
			seen(user, &field, refused);
		if (refused)
			continue;
		translation->barrier |= kind == POLICY_BARRIER;
		if (!is_told(guest, kind, &field, &found, step) ||
		    translation_has(translation, kind))
			continue;
		tell_field(guest, translation, kind, &field, now_usec);
	}
	append_life(guest, translation, step, now_usec);
	story_tell(&guest->story, &found.facts, step->ready, &guest->limits, now_usec, translation);
	translation_end(translation);
}

void translate_time(struct guest *guest, uint64_t now_usec, struct translation *translation)
{
	const struct story_facts nothing = {0};
	struct life_step *step = &guest->step;

	translation_begin(translation, &guest->policy, &guest->style);
	life_time(&guest->life, now_usec, step);
	append_life(guest, translation, step, now_usec);
	story_tell(&guest->story, &nothing, step->ready, &guest->limits, now_usec, translation);
	translation_end(translation);
}

/* What the service manager is told of an event, as a STATUS=; NULL: nothing. */
static const char *status_of(const struct vsn_event *event, const struct life_step *step)
{
	switch (event->type) {
	case VSN_EVENT_VM_RESTORED:
		return "VM restored.";
	case VSN_EVENT_VM_PAUSED:
		return "VM paused.";
	case VSN_EVENT_VM_RESUMED:
		return "VM running again.";
	case VSN_EVENT_GUEST_PANIC:
		return "Guest kernel panicked.";
	case VSN_EVENT_VM_TAKEN_UP:
		return "VM went on while vsock-notify was restarted.";
	case VSN_EVENT_VM_PROCESS:
		return step->count > 0 ? "Another VM has taken this one's place." : NULL;
	default:
		return NULL;
	}
}

void translate_event(struct guest *guest, const struct vsn_event *event,
                     struct translation *translation)
{
	struct life_step *step = &guest->step;
	const char *status;

	translation_begin(translation, &guest->policy, &guest->style);
	*step = (struct life_step){0};
	if (event->type == VSN_EVENT_VM_RESTORED && guest->wait_when_restored)
		return;
	life_event(&guest->life, event, step);
	if (step->rebooted)
		story_rebooted(&guest->story, &guest->limits, event->now_usec, translation);
	/* The next guest's READY=1 is a change again. */
	if (guest->life.phase == LIFE_NONE && step->count > 0) {
		guest->story.ready = false;
		guest->limits.state = LIMITS_STARTING;
	}
	if (step->ready) {
		guest->story.ready = true;
		story_state(&guest->limits, LIMITS_READY, event->now_usec, translation);
	}
	status = status_of(event, step);
	if (status)
		translation_status(translation, status, strlen(status));
	translation->state |= event->type == VSN_EVENT_GUEST_PANIC;
	translation_end(translation);
}
