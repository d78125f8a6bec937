/* SPDX-License-Identifier: Apache-2.0 */
/* A state, and what happens to it, in few words. Each event is a second after the last. */
#ifndef STATE_FIXTURE_H
#define STATE_FIXTURE_H

#include "harness.h"
#include "state/state.h"

#define STATE_SECOND UINT64_C(1000000)

static struct state state;
static uint64_t clock_usec = 10 * STATE_SECOND;

static inline void state_setup(void)
{
	memset(&state, 0, sizeof(state));
	state_init(&state, clock_usec);
}

static inline enum state_change happens_with(uint32_t type, int64_t number, const char *text)
{
	struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = type,
		.now_usec = clock_usec += STATE_SECOND,
		.number = number,
		.text = text,
		.length = text ? strlen(text) : 0,
	};

	return state_event(&state, &event);
}

static inline enum state_change happens(uint32_t type)
{
	return happens_with(type, 0, NULL);
}

static inline enum state_change says(const char *field)
{
	return happens_with(VSN_EVENT_GUEST_FIELD, 0, field);
}

static inline enum state_change active(const char *unit)
{
	return happens_with(VSN_EVENT_GUEST_UNIT_ACTIVE, 0, unit);
}

static inline enum state_change inactive(const char *unit)
{
	return happens_with(VSN_EVENT_GUEST_UNIT_INACTIVE, 0, unit);
}

static inline const char *life(void)
{
	return state_life_name(state.life);
}

static inline const struct state_fact *unit_of(const char *name)
{
	return state_fact_find(&state.facts, STATE_UNIT, (struct state_text){name, strlen(name)});
}

static inline const struct state_fact *refused_of(const char *name)
{
	return state_fact_find(&state.facts, STATE_REFUSED,
	                       (struct state_text){name, strlen(name)});
}

#endif
