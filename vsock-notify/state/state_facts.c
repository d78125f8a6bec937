/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest named, in bounded room (theory: state_facts.h). */
#include "state_facts.h"

#include <string.h>

/* Shares; their sums are STATE_FACTS_MAX and STATE_POOL_MAX. */
static const struct {
	unsigned entries;
	size_t bytes;
} shares[STATE_FACT_KINDS] = {
	[STATE_UNIT] = {64, 4096},
	[STATE_FIELD] = {32, 2560},
	[STATE_REFUSED] = {16, 512},
};

static bool is_text(const char *text, struct state_text wanted)
{
	size_t length = strlen(text);

	return length == strnlen(wanted.bytes, wanted.length) &&
	       memcmp(text, wanted.bytes, length) == 0;
}

struct state_fact *state_fact_find(const struct state_facts *facts, enum state_fact_kind kind,
                                   struct state_text name)
{
	for (unsigned i = 0; i < facts->count; i++) {
		const struct state_fact *fact = &facts->entries[i];

		if (fact->kind == kind && is_text(state_fact_name(facts, fact), name))
			return (struct state_fact *)fact;
	}
	return NULL;
}

/* What an entry's texts take: name, value and their NULs. */
static size_t size_of(const struct state_facts *facts, const struct state_fact *fact)
{
	return strlen(state_fact_name(facts, fact)) + strlen(state_fact_value(facts, fact)) + 2;
}

static size_t bytes_of_kind(const struct state_facts *facts, enum state_fact_kind kind)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < facts->count; i++)
		if (facts->entries[i].kind == kind)
			bytes += size_of(facts, &facts->entries[i]);
	return bytes;
}

/* Removes from the pool what no entry refers to. */
static void compact(struct state_facts *facts)
{
	char old[sizeof(facts->pool)];
	size_t used = 0;

	memcpy(old, facts->pool, facts->pool_used);
	for (unsigned i = 0; i < facts->count; i++) {
		struct state_fact *fact = &facts->entries[i];
		size_t name = strlen(old + fact->name) + 1;
		size_t value = strlen(old + fact->value) + 1;

		memcpy(facts->pool + used, old + fact->name, name);
		memcpy(facts->pool + used + name, old + fact->value, value);
		fact->name = (uint16_t)used;
		fact->value = (uint16_t)(used + name);
		used += name + value;
	}
	facts->pool_used = used;
}

/* Appends a text, up to its first NUL, to the pool, which must have room. Returns its place. */
static uint16_t append(struct state_facts *facts, struct state_text text)
{
	size_t at = facts->pool_used;
	size_t length = strnlen(text.bytes, text.length);

	memcpy(facts->pool + at, text.bytes, length);
	facts->pool[at + length] = '\0';
	facts->pool_used += length + 1;
	return (uint16_t)at;
}

/* Makes room in the pool for size bytes, which its kind's share has. */
static void make_room(struct state_facts *facts, size_t size)
{
	if (facts->pool_used + size > sizeof(facts->pool))
		compact(facts);
}

static struct state_fact *add(struct state_facts *facts, enum state_fact_kind kind,
                              struct state_text name, struct state_text value)
{
	size_t size = name.length + value.length + 2;
	struct state_fact *fact;

	if (facts->used[kind] == shares[kind].entries ||
	    bytes_of_kind(facts, kind) + size > shares[kind].bytes) {
		facts->lost[kind]++;
		return NULL;
	}
	make_room(facts, size);
	fact = &facts->entries[facts->count++];
	*fact = (struct state_fact){.kind = kind};
	fact->name = append(facts, name);
	fact->value = append(facts, value);
	facts->used[kind]++;
	return fact;
}

static struct state_fact *change(struct state_facts *facts, struct state_fact *fact,
                                 struct state_text value)
{
	size_t before = strlen(state_fact_value(facts, fact));

	if (bytes_of_kind(facts, fact->kind) - before + value.length > shares[fact->kind].bytes) {
		facts->lost[fact->kind]++;
		return NULL;
	}
	/* An old value of the same length, or longer, has room for it. */
	if (value.length <= before) {
		char *at = facts->pool + fact->value;

		memcpy(at, value.bytes, value.length);
		at[value.length] = '\0';
		return fact;
	}
	/* The old one is not to be kept beside it: its name's NUL is a value, too. */
	fact->value = (uint16_t)(fact->name + strlen(state_fact_name(facts, fact)));
	make_room(facts, value.length + 1);
	fact->value = append(facts, value);
	return fact;
}

struct state_fact *state_fact_set(struct state_facts *facts, enum state_fact_kind kind,
                                  struct state_text name, struct state_text value)
{
	struct state_fact *fact = state_fact_find(facts, kind, name);

	if (!fact)
		return add(facts, kind, name, value);
	return is_text(state_fact_value(facts, fact), value) ? fact : change(facts, fact, value);
}

void state_facts_forget(struct state_facts *facts, enum state_fact_kind kind)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < facts->count; i++)
		if (facts->entries[i].kind != kind)
			facts->entries[kept++] = facts->entries[i];
	facts->count = kept;
	facts->used[kind] = 0;
	facts->lost[kind] = 0;
}
