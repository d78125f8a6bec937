/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a guest, moved on by events (states: state.h). */
#include "state.h"

#include <string.h>

#include "base/macros.h"

static const char *const life_names[] = {
	[STATE_WAITING] = "waiting",     [STATE_BOOTING] = "booting",   [STATE_READY] = "ready",
	[STATE_EMERGENCY] = "emergency", [STATE_STOPPING] = "stopping", [STATE_STOPPED] = "stopped",
	[STATE_PANICKED] = "panicked",
};

static const struct state_text nothing = {"", 0};

const char *state_life_name(enum state_life life)
{
	return life_names[life];
}

bool state_life_parse(const char *name, enum state_life *life)
{
	for (size_t i = 0; i < ARRAY_SIZE(life_names); i++) {
		if (strcmp(name, life_names[i]) == 0) {
			*life = (enum state_life)i;
			return true;
		}
	}
	return false;
}

void state_init(struct state *state, uint64_t now_usec)
{
	state->exit_status = -1;
	state->guest_port = -1;
	state->listening_usec = now_usec;
	state->started_usec = now_usec;
	state->since_usec = now_usec;
}

static enum state_change move_to(struct state *state, enum state_life life, uint64_t now_usec)
{
	if (state->life == life)
		return STATE_SAME;
	state->life = life;
	state->since_usec = now_usec;
	return STATE_MOVED;
}

/* What the last life said is void. */
static enum state_change forget_life(struct state *state, enum state_life life, uint64_t now_usec)
{
	state->first_usec = 0;
	state->ready_usec = 0;
	state->ready_inferred = false;
	state->exit_status = -1;
	state->way[0] = '\0';
	state->status[0] = '\0';
	state->held_count = 0;
	state_facts_forget(&state->facts, STATE_UNIT);
	state_facts_forget(&state->facts, STATE_FIELD);
	state->life = life;
	state->since_usec = now_usec;
	return STATE_MOVED;
}

static void forget_lost(struct state *state)
{
	state->life_lost_messages = 0;
	state->lost_count = 0;
}

static enum state_change booting(struct state *state, const struct vsn_event *event)
{
	/* A reboot that only the guest tells of began when the guest stopped; any other life no later than now. */
	if (event->number == 0 && state->life == STATE_STOPPING &&
	    state->started_usec < state->since_usec)
		state->started_usec = state->since_usec;
	else if (event->number == 1 || state->life != STATE_WAITING)
		state->started_usec = event->now_usec;
	state->boots++;
	/* If nothing was known of a guest, what was lost before its first word is of the life that this word has shown. */
	if (state->life != STATE_WAITING)
		forget_lost(state);
	return forget_life(state, STATE_BOOTING, event->now_usec);
}

/* Another VM has taken the place of this one. */
static enum state_change waiting(struct state *state, uint64_t now_usec)
{
	state->started_usec = now_usec;
	state->paused = false;
	forget_lost(state);
	return forget_life(state, STATE_WAITING, now_usec);
}

static enum state_change ready(struct state *state, const struct vsn_event *event)
{
	if (state->life == STATE_READY)
		return STATE_SAME;
	state->ready_usec = event->now_usec;
	state->ready_inferred = event->number == 1;
	return move_to(state, STATE_READY, event->now_usec);
}

/* Which way it goes may come to be known later than that it does; that it does once more makes it not unknown. */
static enum state_change stopping(struct state *state, const struct vsn_event *event)
{
	size_t length = event->length < sizeof(state->way) ? event->length : sizeof(state->way) - 1;
	enum state_change change = move_to(state, STATE_STOPPING, event->now_usec);

	if (length == 0 ||
	    (strlen(state->way) == length && !memcmp(state->way, event->text, length)))
		return change;
	memcpy(state->way, event->text, length);
	state->way[length] = '\0';
	return STATE_MOVED;
}

static enum state_change ended(struct state *state, const struct vsn_event *event)
{
	state->exit_status = (int)event->number;
	/* "serve" does not see the VM end, so the guest's last word counts as the end. */
	if (!state->has_vmm)
		move_to(state, STATE_STOPPED, event->now_usec);
	return STATE_MOVED;
}

static enum state_change status(struct state *state, const struct vsn_event *event)
{
	size_t length = event->length < STATE_STATUS_MAX ? event->length : (size_t)STATE_STATUS_MAX;

	if (strlen(state->status) == length && memcmp(state->status, event->text, length) == 0)
		return STATE_SAME;
	memcpy(state->status, event->text, length);
	state->status[length] = '\0';
	return STATE_TOLD;
}

static bool is(struct state_text name, const char *what)
{
	return name.length == strlen(what) && memcmp(name.bytes, what, name.length) == 0;
}

static enum state_change unit(struct state *state, const struct vsn_event *event, bool active)
{
	const struct state_text name = {event->text, event->length};
	struct state_fact *fact;

	if (name.length == 0)
		return STATE_SAME;
	fact = active ? state_fact_set(&state->facts, STATE_UNIT, name, nothing)
	              : state_fact_find(&state->facts, STATE_UNIT, name);
	if (fact ? fact->number == active : !active)
		return STATE_SAME;
	if (!fact)
		return STATE_COUNTED;
	fact->number = active;
	if (active && fact->usec == 0)
		fact->usec = event->now_usec;
	return STATE_MOVED;
}

static void refused(struct state *state, struct state_text name, uint64_t now_usec)
{
	struct state_fact *fact = state_fact_set(&state->facts, STATE_REFUSED, name, nothing);

	state->refused++;
	if (fact && fact->number++ == 0)
		fact->usec = now_usec;
}

/* Records an X_ field. What sd_notify(3) defines, such as STATUS=, has events of its own. */
static enum state_change field(struct state *state, struct state_text name, struct state_text value,
                               uint64_t now_usec)
{
	struct state_fact *fact;

	if (name.length < 2 || memcmp(name.bytes, "X_", 2) != 0)
		return STATE_SAME;
	fact = state_fact_find(&state->facts, STATE_FIELD, name);
	if (fact && is(value, state_fact_value(&state->facts, fact)))
		return STATE_SAME;
	fact = state_fact_set(&state->facts, STATE_FIELD, name, value);
	if (!fact)
		return STATE_COUNTED;
	fact->usec = now_usec;
	return STATE_MOVED;
}

static enum state_change guest_field(struct state *state, const struct vsn_event *event)
{
	const char *equals = memchr(event->text, '=', event->length);
	enum state_change change = event->number ? STATE_COUNTED : STATE_SAME;
	enum state_change told = STATE_SAME;
	struct state_text name, value;

	if (!equals || equals == event->text)
		return STATE_SAME;
	name = (struct state_text){event->text, (size_t)(equals - event->text)};
	value = (struct state_text){equals + 1, event->length - name.length - 1};
	if (state->first_usec == 0)
		state->first_usec = event->now_usec;
	if (event->number)
		refused(state, name, event->now_usec);
	if (!VSN_EVENT_HAS(event, flags) || !(event->flags & VSN_FIELD_TOLD))
		told = field(state, name, value, event->now_usec);
	return told > change ? told : change;
}

static enum state_change lost(struct state *state, uint64_t now_usec)
{
	state->lost_messages++;
	state->life_lost_messages++;
	if (state->lost_count < STATE_LOST_MAX)
		state->lost_usec[state->lost_count++] = now_usec;
	return STATE_COUNTED;
}

static enum state_change set_paused(struct state *state, bool paused)
{
	if (state->paused == paused)
		return STATE_SAME;
	state->paused = paused;
	return STATE_MOVED;
}

/* Of the VM. */
static enum state_change vm_event(struct state *state, const struct vsn_event *event)
{
	switch (event->type) {
	case VSN_EVENT_VM_STARTED:
		state->has_vmm = true;
		state->vmm_pid = (pid_t)event->number;
		state->started_usec = event->now_usec;
		return STATE_MOVED;
	case VSN_EVENT_VM_PROCESS:
		state->process = event->number > 0 ? (pid_t)event->number : 0;
		state->process_id = 0;
		return STATE_MOVED;
	case VSN_EVENT_VM_PAUSED:
		return set_paused(state, true);
	case VSN_EVENT_VM_RESUMED:
	case VSN_EVENT_VM_RESTORED:
		return set_paused(state, false);
	default:
		return STATE_SAME;
	}
}

enum state_change state_event(struct state *state, const struct vsn_event *event)
{
	bool has_text = VSN_EVENT_HAS(event, length) && event->text;

	switch (event->type) {
	case VSN_EVENT_GUEST_BOOTING:
		return booting(state, event);
	case VSN_EVENT_GUEST_WAITING:
		return waiting(state, event->now_usec);
	case VSN_EVENT_GUEST_READY:
		return ready(state, event);
	case VSN_EVENT_GUEST_EMERGENCY:
		return move_to(state, STATE_EMERGENCY, event->now_usec);
	case VSN_EVENT_GUEST_RECOVERED:
		return move_to(state, STATE_BOOTING, event->now_usec);
	case VSN_EVENT_GUEST_EXIT:
		return ended(state, event);
	case VSN_EVENT_GUEST_LOST:
		return lost(state, event->now_usec);
	case VSN_EVENT_GUEST_PANIC:
		return move_to(state, STATE_PANICKED, event->now_usec);
	case VSN_EVENT_GUEST_STOPPING:
		return has_text ? stopping(state, event) : STATE_SAME;
	case VSN_EVENT_GUEST_FIELD:
		return has_text ? guest_field(state, event) : STATE_SAME;
	case VSN_EVENT_GUEST_STATUS:
		return has_text ? status(state, event) : STATE_SAME;
	case VSN_EVENT_GUEST_UNIT_ACTIVE:
		return has_text ? unit(state, event, true) : STATE_SAME;
	case VSN_EVENT_GUEST_UNIT_INACTIVE:
		return has_text ? unit(state, event, false) : STATE_SAME;
	default:
		return vm_event(state, event);
	}
}

enum state_change state_connection(struct state *state, const struct state_held *held,
                                   int64_t guest_port)
{
	state->connections++;
	state->held_usec += held->held_usec;
	if (held->held_usec > state->held_max_usec)
		state->held_max_usec = held->held_usec;
	if (state->held_count < STATE_HELD_MAX)
		state->held[state->held_count++] = *held;
	if (guest_port >= 0)
		state->guest_port = guest_port;
	return STATE_COUNTED;
}

void state_end(struct state *state, int exit_status, uint64_t now_usec)
{
	if (state->life != STATE_PANICKED && state->life != STATE_STOPPED) {
		state->last_life = state->life;
		state->last_since_usec = state->since_usec;
		move_to(state, STATE_STOPPED, now_usec);
	}
	if (exit_status >= 0)
		state->exit_status = exit_status;
}

const char *state_field(const struct state *state, const char *name)
{
	const struct state_text text = {name, strlen(name)};
	const struct state_fact *fact = state_fact_find(&state->facts, STATE_FIELD, text);

	return fact ? state_fact_value(&state->facts, fact) : NULL;
}
