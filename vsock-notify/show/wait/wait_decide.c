/* SPDX-License-Identifier: Apache-2.0 */
/* Decides about a wait (see wait_decide.h). */
#include "wait_decide.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A state keeps only X_ fields, and units apart from fields. */
static bool is_kept(const char *text)
{
	return starts_with(text, "X_") && !starts_with(text, "X_SYSTEMD_UNIT_ACTIVE=") &&
	       !starts_with(text, "X_SYSTEMD_UNIT_INACTIVE=");
}

static int parse_field(const char *text, struct wait_condition *condition)
{
	const char *equals = strchr(text, '=');

	if (!equals || !is_kept(text))
		return -EINVAL;
	condition->kind = WAIT_FIELD;
	condition->name = text;
	condition->name_length = (size_t)(equals - text);
	condition->value = equals + 1;
	return 0;
}

int wait_condition_parse(const char *text, struct wait_condition *condition)
{
	static const char unit[] = "unit:", field[] = "field:";

	if (strcmp(text, "ready") == 0) {
		condition->kind = WAIT_READY;
	} else if (strcmp(text, "exit") == 0) {
		condition->kind = WAIT_EXIT;
	} else if (starts_with(text, unit) && text[strlen(unit)]) {
		condition->kind = WAIT_UNIT;
		condition->name = text + strlen(unit);
		condition->name_length = strlen(condition->name);
	} else if (starts_with(text, field)) {
		return parse_field(text + strlen(field), condition);
	} else {
		return -EINVAL;
	}
	return 0;
}

/* If the file is from an earlier boot of the host, its times may be in the future of this boot: they do not count. */
static bool came_since(uint64_t usec, const struct wait_condition *condition,
                       const struct vm_facts *facts)
{
	return usec > 0 && usec >= condition->begun_usec && usec <= facts->looked_usec;
}

/* Whether the unit is active, or has been since the wait began; whether the field has that value. */
static bool fact_reached(const struct wait_condition *condition, const struct vm_facts *facts)
{
	const struct state_facts *known = &facts->state->facts;
	const struct state_text name = {condition->name, condition->name_length};
	const struct state_fact *fact;

	if (condition->kind == WAIT_UNIT) {
		fact = state_fact_find(known, STATE_UNIT, name);
		return fact && (fact->number || came_since(fact->usec, condition, facts));
	}
	fact = state_fact_find(known, STATE_FIELD, name);
	return fact && strcmp(state_fact_value(known, fact), condition->value) == 0;
}

/* Whether the guest has announced that it boots again. */
static bool boots_again(const struct state *state)
{
	return strcmp(state->way, "reboot") == 0 || strcmp(state->way, "kexec") == 0 ||
	       strcmp(state->way, "soft-reboot") == 0;
}

static bool has_stopped(const struct vm_facts *facts)
{
	const struct state *state = facts->state;

	if (facts->ended)
		return true;
	if (state && state->life == STATE_PANICKED && facts->writer == WRITER_GONE)
		return true;
	/* With a VMM process whose end is seen, STATE_STOPPED is the VM's end. */
	return state && state->life == STATE_STOPPED &&
	       !(boots_again(state) && facts->writer != WRITER_GONE && state->vmm_pid == 0);
}

static bool is_reached(const struct wait_condition *condition, const struct vm_facts *facts)
{
	const struct state *state = facts->state;

	if (condition->kind == WAIT_EXIT)
		return has_stopped(facts);
	if (!state)
		return false;
	if (condition->kind != WAIT_READY)
		return fact_reached(condition, facts);
	return (state->life == STATE_READY && facts->writer != WRITER_GONE) ||
	       came_since(state->ready_usec, condition, facts);
}

enum wait_outcome wait_decide(const struct wait_condition *condition, const struct vm_facts *facts)
{
	if (is_reached(condition, facts))
		return WAIT_REACHED;
	if (has_stopped(facts) || (facts->state && facts->writer == WRITER_GONE))
		return WAIT_NEVER;
	if (condition->kind != WAIT_EXIT && facts->state && facts->state->life == STATE_PANICKED)
		return WAIT_NEVER;
	return WAIT_ON;
}

int wait_exit_status(const struct vm_facts *facts)
{
	if (facts->ended && facts->exit_status >= 0)
		return facts->exit_status;
	return facts->state ? facts->state->exit_status : -1;
}

void wait_reason(const struct vm_facts *facts, char reason[WAIT_REASON_MAX])
{
	int status = wait_exit_status(facts);

	if (facts->state && facts->state->life == STATE_PANICKED)
		snprintf(reason, WAIT_REASON_MAX, "the guest's kernel panicked");
	else if (!has_stopped(facts))
		snprintf(reason, WAIT_REASON_MAX,
		         "vsock-notify is gone without a last word, as if it was killed; the "
		         "guest was %s then",
		         facts->state ? state_life_name(facts->state->life) : "unknown");
	else if (status >= 0)
		snprintf(reason, WAIT_REASON_MAX, "the guest has stopped, exit status %d", status);
	else
		snprintf(reason, WAIT_REASON_MAX, "the guest has stopped");
}
