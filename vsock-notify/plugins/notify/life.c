/* SPDX-License-Identifier: Apache-2.0 */
/* One guest's life (rules: life.h). */
#include "life.h"

#include <string.h>

#include "infer.h"
#include "pid1.h"
#include "policy.h"

static void emit_text(struct life_step *step, enum vsn_event_type type, int number,
                      const char *text, size_t length)
{
	if (step->count < LIFE_EDGES_MAX)
		step->edges[step->count++] = (struct life_edge){type, number, text, length};
}

static void emit(struct life_step *step, enum vsn_event_type type, int number)
{
	emit_text(step, type, number, NULL, 0);
}

/* Forgets what belongs to one life. What concerns all of them stays. */
static void reset(struct life *life, enum life_phase phase)
{
	*life = (struct life){.ready_unit = life->ready_unit,
	                      .never_infer = life->never_infer,
	                      .process = life->process,
	                      .phase = phase};
}

/* --- the rules of readiness */

static void become_ready(struct life *life, struct life_step *step)
{
	life->phase = LIFE_READY;
	life->ready_said = false;
	life->was_ready = true;
	life->held_until_usec = 0;
	life->infer_at_usec = 0;
	step->ready = true;
}

static void ready_said(struct life *life, uint64_t now_usec, struct life_step *step)
{
	life->ready_said = true;
	if (life->emergency || life->rescue) {
		step->degraded = true;
		return;
	}
	if (life->ready_unit)
		return;
	if (life->basic || (!life->announces && !life->lost))
		become_ready(life, step);
	else if (life->phase != LIFE_STOPPING || !life->announces)
		life->held_until_usec = now_usec + LIFE_HOLD_USEC;
}

static void degrade(struct life *life, struct life_step *step)
{
	life->phase = LIFE_DEGRADED;
	life->held_until_usec = 0;
	step->degraded = true;
}

static void recover(struct life *life, struct life_step *step)
{
	if (life->phase != LIFE_DEGRADED || life->emergency || life->rescue || !life->basic)
		return;
	life->phase = LIFE_BOOTING;
	if (life->ready_unit ? life->unit_active : life->was_ready || life->ready_said)
		become_ready(life, step);
}

static bool is_default_target(const struct field *unit)
{
	return field_value_is(unit, "multi-user.target") ||
	       field_value_is(unit, "graphical.target");
}

/* If one of these is inactive, so is the default target, although the announcement of that was lost. */
static bool is_required_by_default_target(const struct field *unit)
{
	return field_value_is(unit, "basic.target") || field_value_is(unit, "sysinit.target");
}

static void take_unit(struct life *life, const struct field *unit, bool active)
{
	if (field_value_is(unit, "emergency.target"))
		life->emergency = active;
	else if (field_value_is(unit, "rescue.target"))
		life->rescue = active;
	else if (field_value_is(unit, "basic.target"))
		life->basic = active;
	else if (is_default_target(unit))
		life->target = active;
	if (!active && is_required_by_default_target(unit))
		life->target = false;
	if (!active || !is_default_target(unit))
		return;
	life->basic = true;
	life->emergency = life->rescue = false;
}

/* A unit is active, and it is not one of an emergency's or of a shutdown's: a READY=1 that is held may be passed on. */
static void release_ready(struct life *life, struct life_step *step)
{
	bool held = life->held_until_usec > 0;
	bool lives = life->phase == LIFE_BOOTING || life->phase == LIFE_READY;

	if (!lives || life->ready_unit || !life->ready_said)
		return;
	if (life->basic || (held && !life->lost))
		become_ready(life, step);
}

static void stop(struct life *life)
{
	life->phase = LIFE_STOPPING;
	life->held_until_usec = 0;
}

static void unit_active(struct life *life, const struct field *unit, struct life_step *step)
{
	/* The ready unit makes the guest ready even if it is emergency.target or rescue.target. */
	if (life->ready_unit && field_value_is(unit, life->ready_unit)) {
		life->unit_active = true;
		if (field_value_is(unit, "basic.target"))
			life->basic = true;
		become_ready(life, step);
		return;
	}
	take_unit(life, unit, true);
	if (field_value_is(unit, "emergency.target") || field_value_is(unit, "rescue.target")) {
		degrade(life, step);
		return;
	}
	if (field_value_is(unit, "shutdown.target")) {
		stop(life);
		return;
	}
	recover(life, step);
	release_ready(life, step);
}

static void unit_inactive(struct life *life, const struct field *unit, struct life_step *step)
{
	if (life->ready_unit && field_value_is(unit, life->ready_unit))
		life->unit_active = false;
	take_unit(life, unit, false);
	recover(life, step);
}

/* --- edges: how a step's first phase differs from its last */

/* STOPPING is emitted again only if the way has become known. */
static void emit_stopping(struct life *life, enum life_phase from, struct life_step *step)
{
	const struct field *way = &step->facts.shutdown;
	size_t length =
		way->value_length < sizeof(life->way) ? way->value_length : sizeof(life->way) - 1;
	bool stopping = from == LIFE_STOPPING;

	if (length == 0 && !stopping)
		emit_text(step, VSN_EVENT_GUEST_STOPPING, 0, "", 0);
	if (length == 0)
		return;
	memcpy(life->way, way->value, length);
	life->way[length] = '\0';
	emit_text(step, VSN_EVENT_GUEST_STOPPING, 0, way->value, way->value_length);
}

static void emit_exit(struct life_step *step)
{
	const struct life_facts *facts = &step->facts;
	unsigned long long number;

	if (facts->exit_status.name && !life_is_reboot(&facts->shutdown) &&
	    field_number(&facts->exit_status, 255, &number))
		emit(step, VSN_EVENT_GUEST_EXIT, (int)number);
}

static void emit_difference(struct life *life, enum life_phase from, struct life_step *step)
{
	step->ready &= life->phase == LIFE_READY;
	step->degraded &= life->phase == LIFE_DEGRADED;
	if (life->phase == from)
		return;
	step->recovered =
		from == LIFE_DEGRADED && (life->phase == LIFE_BOOTING || life->phase == LIFE_READY);
	if (step->recovered)
		emit(step, VSN_EVENT_GUEST_RECOVERED, 0);
	if (life->phase == LIFE_READY)
		emit(step, VSN_EVENT_GUEST_READY, step->inferred);
	else if (life->phase == LIFE_DEGRADED)
		emit(step, VSN_EVENT_GUEST_EMERGENCY, 0);
	else if (life->phase == LIFE_STOPPING || life->phase == LIFE_ENDED)
		emit_stopping(life, from, step);
	if (life->phase == LIFE_ENDED)
		emit_exit(step);
}

/* --- messages */

static bool begins(const struct life *life, const struct life_facts *facts)
{
	switch (life->phase) {
	case LIFE_NONE:
		return facts->fields > 0;
	case LIFE_ENDED:
		return (facts->systemd || facts->ready) && !facts->shutdown.name;
	case LIFE_PANICKED:
		return facts->once;
	case LIFE_STOPPING:
		/* The announcement of soft-reboot.target, or the last word before a reboot, was lost. */
		return !facts->reloading && facts->once;
	default:
		return !facts->reloading && (facts->once & life->said_once);
	}
}

static void begin(struct life *life, struct life_step *step)
{
	enum life_phase before = life->phase;
	bool kexec = before == LIFE_ENDED && strcmp(life->way, "kexec") == 0;
	/* It may have been the first word of this life that was lost. */
	bool lost = life->lost && (before == LIFE_NONE || before == LIFE_ENDED);

	reset(life, LIFE_BOOTING);
	life->lost = lost;
	/* The VMM does not notice a kexec. */
	life->begun_by_guest = before != LIFE_NONE && !kexec;
	step->begins = true;
	step->rebooted = before != LIFE_NONE && before != LIFE_ENDED;
}

/* The kernel stays, and all else begins again, systemd-soft-reboot.service(8). */
static void soft_reboot(struct life *life, struct life_step *step)
{
	reset(life, LIFE_BOOTING);
	step->count = 0;
	step->ready = step->degraded = false;
	emit(step, VSN_EVENT_GUEST_BOOTING, 1);
}

static void take_field(struct life *life, const struct field *field, uint64_t now_usec,
                       struct life_step *step)
{
	enum policy_field kind = policy_classify(field);

	if (kind == POLICY_READY)
		ready_said(life, now_usec, step);
	if (kind == POLICY_RELOADING)
		life->said_once = 0;
	if (kind != POLICY_SYSTEMD)
		return;
	life->announces = true;
	life->said_once |= life_once_bit(field);
	if (field_is(field, "X_SYSTEMD_UNIT_INACTIVE"))
		unit_inactive(life, field, step);
	else if (field_is(field, "X_SYSTEMD_UNIT_ACTIVE"))
		unit_active(life, field, step);
	else if (field_is(field, "X_SYSTEMD_SHUTDOWN"))
		life->phase = LIFE_ENDED;
}

static bool is_soft_reboot(const struct field *field)
{
	return field_is(field, "X_SYSTEMD_UNIT_ACTIVE") &&
	       field_value_is(field, "soft-reboot.target");
}

/* The last word of the life before: the VMM has told of the reboot before this message came. */
static bool is_of_last_life(const struct life *life, const struct life_facts *facts)
{
	return life->silent && life_is_reboot(&facts->shutdown);
}

static void take_fields(struct life *life, const char *text, size_t length, uint64_t now_usec,
                        struct life_step *step)
{
	enum life_phase from = life->phase;
	const char *cursor = text;
	struct field field;

	while (life->phase != LIFE_ENDED && fields_next(&cursor, text + length, &field, NULL)) {
		if (is_soft_reboot(&field)) {
			soft_reboot(life, step);
			from = LIFE_BOOTING;
			continue;
		}
		/* A guest that announces its units ends with X_SYSTEMD_SHUTDOWN=. */
		if (policy_classify(&field) == POLICY_STOPPING && !life->announces &&
		    !step->facts.systemd)
			stop(life);
		take_field(life, &field, now_usec, step);
	}
	if (life->phase == LIFE_ENDED) {
		life->held_until_usec = 0;
		life->lost = false;
	}
	emit_difference(life, from, step);
}

/* Sets, or withdraws, the time at which readiness will be inferred. spoke: as in struct infer. */
static void infer(struct life *life, bool spoke, uint64_t now_usec)
{
	const struct infer what = {
		.allowed = !life->never_infer && !life->ready_unit,
		.booting = life->phase == LIFE_BOOTING && !life->ready_said,
		.paused = life->paused,
		.lost = life->lost,
		.target = life->target,
		.spoke = spoke,
	};

	life->infer_at_usec = infer_at(&what, life->infer_at_usec, now_usec);
}

void life_message(struct life *life, const char *text, size_t length, uint64_t now_usec,
                  struct life_step *step)
{
	*step = (struct life_step){.facts = life_facts_find(text, length)};
	if (begins(life, &step->facts))
		begin(life, step);
	if (life->phase == LIFE_ENDED || life->phase == LIFE_PANICKED ||
	    is_of_last_life(life, &step->facts))
		return;
	life->silent &= step->facts.fields == 0;
	take_fields(life, text, length, now_usec, step);
	infer(life, life->infer_at_usec > 0 && pid1_recognises(text, length), now_usec);
}

/* --- time and the VM */

static bool has_come(uint64_t deadline_usec, uint64_t now_usec)
{
	return deadline_usec > 0 && deadline_usec <= now_usec;
}

/* A READY=1 is held, or readiness is inferred because none has come: never both. */
uint64_t life_deadline(const struct life *life)
{
	return life->held_until_usec ? life->held_until_usec : life->infer_at_usec;
}

void life_time(struct life *life, uint64_t now_usec, struct life_step *step)
{
	enum life_phase from = life->phase;

	*step = (struct life_step){0};
	if (has_come(life->held_until_usec, now_usec)) {
		life->held_until_usec = 0;
		/* The announcement of an emergency may be what was lost. */
		if (!life->lost || !life->announces)
			become_ready(life, step);
	} else if (has_come(life->infer_at_usec, now_usec)) {
		step->inferred = true;
		become_ready(life, step);
	}
	emit_difference(life, from, step);
}

static void rebooted(struct life *life, struct life_step *step)
{
	if (life->begun_by_guest) {
		life->begun_by_guest = false;
		return;
	}
	step->rebooted = true;
	reset(life, LIFE_BOOTING);
	life->silent = true;
	emit(step, VSN_EVENT_GUEST_BOOTING, 1);
}

/* A guest that was running before goes on. It has said its host name and machine id then. */
static void go_on(struct life *life, enum life_phase phase, struct life_step *step)
{
	enum life_phase from = life->phase;

	if (phase == LIFE_READY)
		become_ready(life, step);
	life->phase = phase;
	life->said_once = ~0u;
	emit_difference(life, from, step);
}

/* A guest of which something is known already is not taken up. */
static void taken_up(struct life *life, int64_t how, struct life_step *step)
{
	if (life->phase != LIFE_NONE)
		return;
	life->announces = true;
	life->basic = life->unit_active = how == VSN_TAKEN_UP_READY;
	/* It says READY=1 once, before or after it announces the emergency. */
	life->ready_said = how == VSN_TAKEN_UP_EMERGENCY;
	if (how == VSN_TAKEN_UP_READY) {
		go_on(life, LIFE_READY, step);
		return;
	}
	life->phase = how == VSN_TAKEN_UP_EMERGENCY ? LIFE_DEGRADED : LIFE_BOOTING;
	life->said_once = ~0u;
}

static void process_connects(struct life *life, int64_t process, struct life_step *step)
{
	bool other = life->process != 0 && life->process != process;

	life->process = process;
	if (!other || life->phase == LIFE_NONE)
		return;
	reset(life, LIFE_NONE);
	emit(step, VSN_EVENT_GUEST_WAITING, 0);
}

void life_event(struct life *life, const struct vsn_event *event, struct life_step *step)
{
	bool first_loss = event->type == VSN_EVENT_GUEST_LOST && !life->lost;

	*step = (struct life_step){0};
	switch (event->type) {
	case VSN_EVENT_VM_REBOOTED:
		rebooted(life, step);
		break;
	case VSN_EVENT_VM_RESTORED:
		go_on(life, LIFE_READY, step);
		break;
	case VSN_EVENT_VM_TAKEN_UP:
		taken_up(life, event->number, step);
		break;
	case VSN_EVENT_VM_PROCESS:
		process_connects(life, event->number, step);
		break;
	case VSN_EVENT_GUEST_PANIC:
		life->phase = LIFE_PANICKED;
		life->held_until_usec = 0;
		break;
	case VSN_EVENT_GUEST_LOST:
		life->lost = true;
		break;
	case VSN_EVENT_VM_PAUSED:
	case VSN_EVENT_VM_RESUMED:
		life->paused = event->type == VSN_EVENT_VM_PAUSED;
		break;
	default:
		break;
	}
	infer(life, first_loss, event->now_usec);
}
