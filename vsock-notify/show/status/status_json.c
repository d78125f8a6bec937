/* SPDX-License-Identifier: Apache-2.0 */
/* States as JSON (see status_views.h). */
#include "status_views.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "show/show_time.h"

/* Escapes text as in the state file. The caller frees it. NULL: no memory. */
static char *escaped(const char *text)
{
	size_t left = strlen(text);
	char *out = malloc(left * ESCAPE_MAX + 1);
	char *at = out;

	while (out && left > 0) {
		size_t used;
		size_t taken = escape_bytes(text, left, at, &used);

		at += used;
		text += taken;
		left -= taken;
	}
	if (out)
		*at = '\0';
	return out;
}

static void put_text(cJSON *object, const char *key, const char *text)
{
	CLEANUP_FREE char *safe = text && *text ? escaped(text) : NULL;

	if (safe)
		cJSON_AddStringToObject(object, key, safe);
	else
		cJSON_AddNullToObject(object, key);
}

/* Adds all digits: cJSON's own numbers are doubles, which have 53 bits. */
static void put_number(cJSON *object, const char *key, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	cJSON_AddRawToObject(object, key, text);
}

static void put_number_or_null(cJSON *object, const char *key, bool known, uint64_t number)
{
	if (known)
		put_number(object, key, number);
	else
		cJSON_AddNullToObject(object, key);
}

/* Adds "KEY_usec", which is CLOCK_MONOTONIC, and "KEY", which is a date. */
static void put_time(cJSON *object, const struct state *state, const char *key, uint64_t usec)
{
	char name[32], text[SHOW_TIME_MAX] = "";

	if (usec)
		show_rfc3339(text, state, usec);
	snprintf(name, sizeof(name), "%s_usec", key);
	put_number_or_null(object, name, usec != 0, usec);
	put_text(object, key, text);
}

static void put_identity(cJSON *object, const struct entry *entry)
{
	static const char *const writers[] = {
		[WRITER_UNKNOWN] = "unknown",
		[WRITER_ALIVE] = "running",
		[WRITER_GONE] = "gone",
	};
	const struct state *state = entry->state;

	put_text(object, "name", state->name);
	put_text(object, "file", entry->path);
	put_text(object, "vsock", state->vsock);
	put_number(object, "port", state->port);
	put_number_or_null(object, "guest_port", state->guest_port >= 0,
	                   (uint64_t)state->guest_port);
	put_number_or_null(object, "pid", state->writer.pid > 0, (uint64_t)state->writer.pid);
	cJSON_AddStringToObject(object, "process", writers[entry->writer]);
	put_number_or_null(object, "vmm_pid", state->vmm_pid > 0, (uint64_t)state->vmm_pid);
}

static void put_life(cJSON *object, const struct state *state)
{
	cJSON_AddStringToObject(object, "state", state_life_name(state->life));
	put_time(object, state, "since", state->since_usec);
	put_time(object, state, "listening", state->listening_usec);
	put_time(object, state, "started", state->started_usec);
	put_time(object, state, "first", state->first_usec);
	put_time(object, state, "ready", state->ready_usec);
	cJSON_AddBoolToObject(object, "ready_inferred", state->ready_inferred);
	put_number(object, "boots", state->boots);
	cJSON_AddBoolToObject(object, "paused", state->paused);
	put_number_or_null(object, "exit_status", state->exit_status >= 0,
	                   (uint64_t)state->exit_status);
	put_text(object, "shutdown", state->way);
	put_text(object, "status", state->status);
	put_text(object, "hostname", state_field(state, "X_SYSTEMD_HOSTNAME"));
	put_text(object, "machine_id", state_field(state, "X_SYSTEMD_MACHINE_ID"));
	put_text(object, "signals_level", state_field(state, "X_SYSTEMD_SIGNALS_LEVEL"));
}

static void put_fact(cJSON *array, const struct state *state, const struct state_fact *fact)
{
	cJSON *object = cJSON_CreateObject();

	put_text(object, "name", state_fact_name(&state->facts, fact));
	if (fact->kind == STATE_UNIT)
		cJSON_AddBoolToObject(object, "active", fact->number != 0);
	else if (fact->kind == STATE_REFUSED)
		put_number(object, "count", fact->number);
	else
		put_text(object, "value", state_fact_value(&state->facts, fact));
	put_time(object, state, "time", fact->usec);
	cJSON_AddItemToArray(array, object);
}

static void put_facts(cJSON *object, const char *key, const struct state *state,
                      enum state_fact_kind kind)
{
	cJSON *array = cJSON_AddArrayToObject(object, key);

	for (unsigned i = 0; i < state->facts.count; i++)
		if (state->facts.entries[i].kind == kind)
			put_fact(array, state, &state->facts.entries[i]);
}

static void put_counters(cJSON *object, const struct state *state)
{
	cJSON *counters = cJSON_AddObjectToObject(object, "counters");

	put_number(counters, "connections", state->connections);
	put_number(counters, "delivered", state->delivered);
	put_number(counters, "dropped", state->dropped);
	put_number(counters, "refused_fields", state->refused);
	put_number(counters, "lost_messages", state->lost_messages);
	put_number(counters, "life_lost_messages", state->life_lost_messages);
	put_number(counters, "held_usec", state->held_usec);
	put_number(counters, "held_max_usec", state->held_max_usec);
	put_number(counters, "units_lost", state->facts.lost[STATE_UNIT]);
	put_number(counters, "fields_lost", state->facts.lost[STATE_FIELD]);
	put_number(counters, "refused_lost", state->facts.lost[STATE_REFUSED]);
}

static void put_held(cJSON *object, const struct state *state)
{
	cJSON *array = cJSON_AddArrayToObject(object, "held");

	for (unsigned i = 0; i < state->held_count; i++) {
		cJSON *one = cJSON_CreateObject();

		put_time(one, state, "accepted", state->held[i].accepted_usec);
		put_number(one, "held_usec", state->held[i].held_usec);
		put_number(one, "bytes", state->held[i].bytes);
		cJSON_AddItemToArray(array, one);
	}
}

static void put_lost(cJSON *object, const struct state *state)
{
	cJSON *array = cJSON_AddArrayToObject(object, "lost");

	for (unsigned i = 0; i < state->lost_count; i++) {
		cJSON *one = cJSON_CreateObject();

		put_time(one, state, "time", state->lost_usec[i]);
		cJSON_AddItemToArray(array, one);
	}
}

static cJSON *vm(const struct entry *entry)
{
	cJSON *object = cJSON_CreateObject();

	put_identity(object, entry);
	put_life(object, entry->state);
	put_facts(object, "units", entry->state, STATE_UNIT);
	put_facts(object, "fields", entry->state, STATE_FIELD);
	put_facts(object, "refused", entry->state, STATE_REFUSED);
	put_counters(object, entry->state);
	put_held(object, entry->state);
	put_lost(object, entry->state);
	return object;
}

char *status_json(const struct entries *entries, bool pretty)
{
	cJSON *array = cJSON_CreateArray();
	char *text;

	for (unsigned i = 0; i < entries->count; i++)
		cJSON_AddItemToArray(array, vm(&entries->list[i]));
	text = pretty ? cJSON_Print(array) : cJSON_PrintUnformatted(array);
	cJSON_Delete(array);
	return text;
}
