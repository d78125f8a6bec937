/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the guest's into what the service manager is told (rules: message.h). */
#include "message.h"

#include <limits.h>
#include <string.h>

/* What is known of a message before its fields are passed on. */
struct survey {
	unsigned fields;
	bool systemd;
	bool shutdown; /* has X_SYSTEMD_SHUTDOWN: its EXIT_STATUS is the guest's own */
	bool exits;    /* and the guest will not live again, or only the guest tells of that */
	struct progress_facts facts;
};

/* Tells what follows from the guest's life but is not in the message itself. */
static void append_life(struct guest *guest, struct outgoing *outgoing,
                        const struct life_step *step, uint64_t now_usec)
{
	if (step->ready)
		progress_state(&guest->limits, LIMITS_READY, now_usec, outgoing);
	if (step->degraded)
		outgoing_status(outgoing, MESSAGE_EMERGENCY, strlen(MESSAGE_EMERGENCY));
	else if (step->recovered)
		outgoing_status(outgoing, MESSAGE_RECOVERED, strlen(MESSAGE_RECOVERED));
}

static struct survey survey(const struct progress *progress, const char *text, size_t length,
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
	found.exits = found.shutdown && !(progress->told && life_is_reboot(&found.facts.shutdown));
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

static void extend_timeout(struct guest *guest, struct outgoing *outgoing,
                           const struct field *field, uint64_t now_usec)
{
	unsigned long long wanted = 0;

	field_number(field, ULLONG_MAX, &wanted);
	if (!progress_extend(&guest->limits, wanted, now_usec, outgoing))
		outgoing->exceeded++;
}

static void tell_field(struct guest *guest, struct outgoing *outgoing, enum policy_field kind,
                       const struct field *field, uint64_t now_usec)
{
	switch (kind) {
	case POLICY_READY:
		progress_state(&guest->limits, LIMITS_READY, now_usec, outgoing);
		break;
	case POLICY_STOPPING:
		progress_state(&guest->limits, LIMITS_STOPPING, now_usec, outgoing);
		break;
	case POLICY_RELOADING:
		progress_state(&guest->limits, LIMITS_RELOADING, now_usec, outgoing);
		break;
	case POLICY_EXTEND_TIMEOUT:
		extend_timeout(guest, outgoing, field, now_usec);
		break;
	case POLICY_WATCHDOG:
		if (limits_watchdog(&guest->limits, now_usec))
			outgoing_field(outgoing, kind, field);
		break;
	case POLICY_EXIT_STATUS:
		outgoing_field(outgoing, kind, field);
		outgoing->state |= limits_end(&guest->limits, now_usec);
		break;
	default:
		outgoing_field(outgoing, kind, field);
		break;
	}
}

void message_translate(struct guest *guest, const char *text, size_t length, uint64_t now_usec,
                       struct outgoing *outgoing, message_seen seen, void *user)
{
	struct life_step *step = &guest->step;
	unsigned malformed = 0;
	struct survey found;
	struct field field;

	outgoing_begin(outgoing, &guest->policy, &guest->style);
	found = survey(&guest->progress, text, length, &outgoing->malformed);
	life_message(&guest->life, text, length, now_usec, step);
	if (step->rebooted)
		progress_rebooted(&guest->progress, &guest->limits, now_usec, outgoing);
	for (const char *cursor = text; fields_next(&cursor, text + length, &field, &malformed);) {
		enum policy_field kind = policy_classify(&field);
		bool refused = is_refused(guest, kind, &field, &found);

		if (seen)
			seen(user, &field, refused);
		if (refused)
			continue;
		outgoing->barrier |= kind == POLICY_BARRIER;
		if (!is_told(guest, kind, &field, &found, step) || outgoing_has(outgoing, kind))
			continue;
		tell_field(guest, outgoing, kind, &field, now_usec);
	}
	append_life(guest, outgoing, step, now_usec);
	progress_tell(&guest->progress, &found.facts, step->ready, &guest->limits, now_usec,
	              outgoing);
	outgoing_end(outgoing);
}

void message_time(struct guest *guest, uint64_t now_usec, struct outgoing *outgoing)
{
	const struct progress_facts nothing = {0};
	struct life_step *step = &guest->step;

	outgoing_begin(outgoing, &guest->policy, &guest->style);
	life_time(&guest->life, now_usec, step);
	append_life(guest, outgoing, step, now_usec);
	progress_tell(&guest->progress, &nothing, step->ready, &guest->limits, now_usec, outgoing);
	outgoing_end(outgoing);
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

void message_event(struct guest *guest, const struct vsn_event *event, struct outgoing *outgoing)
{
	struct life_step *step = &guest->step;
	const char *status;

	outgoing_begin(outgoing, &guest->policy, &guest->style);
	*step = (struct life_step){0};
	if (event->type == VSN_EVENT_VM_RESTORED && guest->wait_when_restored)
		return;
	life_event(&guest->life, event, step);
	if (step->rebooted)
		progress_rebooted(&guest->progress, &guest->limits, event->now_usec, outgoing);
	/* The next guest's READY=1 is a change again. */
	if (guest->life.phase == LIFE_NONE && step->count > 0) {
		guest->progress.ready = false;
		guest->limits.state = LIMITS_STARTING;
	}
	if (step->ready) {
		guest->progress.ready = true;
		progress_state(&guest->limits, LIMITS_READY, event->now_usec, outgoing);
	}
	status = status_of(event, step);
	if (status)
		outgoing_status(outgoing, status, strlen(status));
	outgoing->state |= event->type == VSN_EVENT_GUEST_PANIC;
	outgoing_end(outgoing);
}
