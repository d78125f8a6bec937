/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest named: units, fields, and fields that were refused. The size is bounded, whatever the guest sends.
 *
 * Entries stand in an array in the order in which they came, and their texts in one pool, because a resident process pays for
 * each page that it touches. Each kind has its own share of both, so that one kind cannot crowd out another.
 *
 * A longer value is appended to the pool. When the pool is full, it is compacted: old values go. An entry that finds no room
 * is only counted.
 */
#ifndef STATE_FACTS_H
#define STATE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_FACTS_MAX 112
#define STATE_POOL_MAX  7168

enum state_fact_kind {
	STATE_UNIT,    /* name; number: 1 if it is active, else 0; usec: when it was active first */
	STATE_FIELD,   /* name, value; usec: when it came */
	STATE_REFUSED, /* name; number: how often; usec: first */
	STATE_FACT_KINDS
};

struct state_fact {
	enum state_fact_kind kind;
	uint16_t name;  /* place of the name in the pool, where every text ends in a NUL */
	uint16_t value; /* place of the value; without one: of the name's NUL, an empty text */
	uint64_t usec;
	uint64_t number;
};

struct state_facts {
	unsigned count;
	unsigned used[STATE_FACT_KINDS]; /* entries */
	unsigned lost[STATE_FACT_KINDS]; /* that there was no room for */
	size_t pool_used;
	struct state_fact entries[STATE_FACTS_MAX];
	char pool[STATE_POOL_MAX +
	          1]; /* one more: a value that changes is an empty one in between */
};

/* A text that need not end in a NUL. */
struct state_text {
	const char *bytes;
	size_t length;
};

/* The entry of that kind and name, or NULL. */
struct state_fact *state_fact_find(const struct state_facts *facts, enum state_fact_kind kind,
                                   struct state_text name);

/*
 * Makes or changes the entry of that kind and name, and returns it. Number and usec of a new entry are 0. Returns NULL if there
 * is no room.
 */
struct state_fact *state_fact_set(struct state_facts *facts, enum state_fact_kind kind,
                                  struct state_text name, struct state_text value);

/* Forgets all of a kind. */
void state_facts_forget(struct state_facts *facts, enum state_fact_kind kind);

static inline const char *state_fact_name(const struct state_facts *facts,
                                          const struct state_fact *fact)
{
	return facts->pool + fact->name;
}

static inline const char *state_fact_value(const struct state_facts *facts,
                                           const struct state_fact *fact)
{
	return facts->pool + fact->value;
}

#endif
