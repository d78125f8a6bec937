/* SPDX-License-Identifier: Apache-2.0 */
/* Turns one message of the guest into what the service manager is told (rules: message.h). */
#include "message.h"

#include <limits.h>
#include <string.h>

static void begin(struct guest *guest, struct outgoing *outgoing, uint64_t now_usec)
{
	outgoing_begin(outgoing, &guest->policy, &guest->style, &guest->limits, now_usec);
}

/* Adds what follows from the guest's life but is not in the message itself. */
static void tell_life(struct guest *guest, struct outgoing *outgoing)
{
	const struct life_step *step = &guest->step;

	if (step->ready)
		progress_state(outgoing, POLICY_READY);
	if (step->inferred)
		outgoing_status(outgoing, MESSAGE_INFERRED, strlen(MESSAGE_INFERRED));
	if (step->degraded)
		outgoing_status(outgoing, MESSAGE_EMERGENCY, strlen(MESSAGE_EMERGENCY));
	else if (step->recovered)
		outgoing_status(outgoing, MESSAGE_RECOVERED, strlen(MESSAGE_RECOVERED));
	progress_tell(&guest->progress, step, outgoing);
	outgoing_end(outgoing);
}

/* Whether the policy refuses the field. A field that this plugin only reads or holds back is not refused. */
static bool is_refused(const struct guest *guest, enum policy_field kind, const struct field *field)
{
	const struct life_facts *facts = &guest->step.facts;

	if (kind == POLICY_SYSTEMD)
		return false;
	if (!policy_passes(&guest->policy, kind, field))
		return true;
	switch (kind) {
	case POLICY_EXIT_STATUS:
		/* Without X_SYSTEMD_SHUTDOWN= it is some program's. */
		return !facts->shutdown.name;
	case POLICY_BARRIER:
		return facts->fields > 1;
	case POLICY_STOPPING:
		return guest->life.announces || facts->systemd;
	case POLICY_RELOADING:
		return guest->limits.state != POLICY_READY;
	default:
		return false;
	}
}

/* Whether a field that is not refused is told now. */
static bool is_told(const struct guest *guest, enum policy_field kind, const struct field *field)
{
	const struct life_step *step = &guest->step;

	switch (kind) {
	case POLICY_READY:
		return step->ready;
	case POLICY_STATUS:
		return !step->degraded;
	case POLICY_EXIT_STATUS:
		/* With track=on the EXIT_STATUS of a reboot is not the unit's (progress.h). */
		return !guest->progress.told || !life_is_reboot(&step->facts.shutdown);
	case POLICY_SYSTEMD:
		return policy_passes(&guest->policy, kind, field);
	case POLICY_BARRIER:
		return false;
	default:
		return true;
	}
}

static void extend_timeout(struct outgoing *outgoing, const struct field *field)
{
	unsigned long long wanted = 0;

	field_number(field, ULLONG_MAX, &wanted);
	if (!progress_extend(outgoing, wanted))
		outgoing->exceeded++;
}

static void tell_field(struct outgoing *outgoing, enum policy_field kind, const struct field *field)
{
	switch (kind) {
	case POLICY_READY:
	case POLICY_STOPPING:
	case POLICY_RELOADING:
		progress_state(outgoing, kind);
		break;
	case POLICY_EXTEND_TIMEOUT:
		extend_timeout(outgoing, field);
		break;
	case POLICY_WATCHDOG:
		if (limits_watchdog(outgoing->limits, outgoing->now_usec))
			outgoing_field(outgoing, kind, field);
		break;
	case POLICY_EXIT_STATUS:
		outgoing_field(outgoing, kind, field);
		outgoing->state |= limits_end(outgoing->limits, outgoing->now_usec);
		break;
	default:
		outgoing_field(outgoing, kind, field);
		break;
	}
}

void message_translate(struct guest *guest, const char *text, size_t length, uint64_t now_usec,
                       struct outgoing *outgoing, message_seen seen, void *user)
{
	const char *cursor = text;
	struct field field;

	begin(guest, outgoing, now_usec);
	life_message(&guest->life, text, length, now_usec, &guest->step);
	if (guest->step.rebooted)
		progress_rebooted(&guest->progress, outgoing);
	while (fields_next(&cursor, text + length, &field, NULL)) {
		enum policy_field kind = policy_classify(&field);
		bool refused = is_refused(guest, kind, &field);

		if (seen)
			seen(user, &field, refused);
		if (refused)
			continue;
		outgoing->barrier |= kind == POLICY_BARRIER;
		if (is_told(guest, kind, &field) && !outgoing_has(outgoing, kind))
			tell_field(outgoing, kind, &field);
	}
	tell_life(guest, outgoing);
}

void message_time(struct guest *guest, uint64_t now_usec, struct outgoing *outgoing)
{
	begin(guest, outgoing, now_usec);
	life_time(&guest->life, now_usec, &guest->step);
	tell_life(guest, outgoing);
}

/* The STATUS= that an event leads to; NULL: none. */
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

	begin(guest, outgoing, event->now_usec);
	*step = (struct life_step){0};
	if (event->type == VSN_EVENT_VM_RESTORED && guest->wait_when_restored)
		return;
	life_event(&guest->life, event, step);
	if (step->rebooted)
		progress_rebooted(&guest->progress, outgoing);
	/* READY=1 of the next guest is a change of state again. */
	if (guest->life.phase == LIFE_NONE && step->count > 0) {
		guest->progress.ready = false;
		guest->limits.state = LIMITS_STARTING;
	}
	if (step->ready) {
		guest->progress.ready = true;
		progress_state(outgoing, POLICY_READY);
	}
	status = status_of(event, step);
	if (status)
		outgoing_status(outgoing, status, strlen(status));
	outgoing->state |= event->type == VSN_EVENT_GUEST_PANIC;
	outgoing_end(outgoing);
}
