/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of state/state_facts against a plain model: random names and values of random lengths are set, changed and
 * forgotten; the model has each in an array of its own and counts bytes with strlen.
 */
#include "state/state_facts.h"

#include "harness.h"

#define STEPS      20000
#define NAMES_MAX  80
#define LENGTH_MAX 900

static const unsigned entries_of[STATE_FACT_KINDS] = {64, 32, 16};
static const size_t bytes_of[STATE_FACT_KINDS] = {4096, 2560, 512};

struct model_fact {
	enum state_fact_kind kind;
	char name[LENGTH_MAX + 16];
	char value[LENGTH_MAX + 1];
	uint64_t number;
};

struct model {
	struct model_fact facts[STATE_FACTS_MAX];
	unsigned count;
	unsigned lost[STATE_FACT_KINDS];
};

static struct state_facts facts;
static struct model model;
static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(seed >> 8) * bound >> 24);
}

/* Mostly short ones, as a guest's are. */
static size_t random_length(void)
{
	return random_below(8) ? random_below(60) : random_below(LENGTH_MAX);
}

static size_t model_bytes(enum state_fact_kind kind)
{
	size_t bytes = 0;

	for (unsigned i = 0; i < model.count; i++)
		if (model.facts[i].kind == kind)
			bytes += strlen(model.facts[i].name) + strlen(model.facts[i].value) + 2;
	return bytes;
}

static unsigned model_entries(enum state_fact_kind kind)
{
	unsigned entries = 0;

	for (unsigned i = 0; i < model.count; i++)
		entries += model.facts[i].kind == kind;
	return entries;
}

static struct model_fact *model_find(enum state_fact_kind kind, const char *name)
{
	for (unsigned i = 0; i < model.count; i++)
		if (model.facts[i].kind == kind && strcmp(model.facts[i].name, name) == 0)
			return &model.facts[i];
	return NULL;
}

static struct model_fact *model_set(enum state_fact_kind kind, const char *name, const char *value)
{
	struct model_fact *fact = model_find(kind, name);
	size_t more = fact ? strlen(value) - strlen(fact->value) : strlen(name) + strlen(value) + 2;

	if (model_bytes(kind) + more > bytes_of[kind] ||
	    (!fact && model_entries(kind) == entries_of[kind])) {
		model.lost[kind]++;
		return NULL;
	}
	if (!fact) {
		fact = &model.facts[model.count++];
		*fact = (struct model_fact){.kind = kind};
		strcpy(fact->name, name);
	}
	strcpy(fact->value, value);
	return fact;
}

static void model_forget(enum state_fact_kind kind)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < model.count; i++)
		if (model.facts[i].kind != kind)
			model.facts[kept++] = model.facts[i];
	model.count = kept;
	model.lost[kind] = 0;
}

static void set_something(void)
{
	enum state_fact_kind kind = random_below(STATE_FACT_KINDS);
	char name[LENGTH_MAX + 16], value[LENGTH_MAX + 1];
	unsigned which = random_below(NAMES_MAX);
	size_t length = kind == STATE_FIELD ? random_length() : 0;
	struct model_fact *expected;
	struct state_fact *fact;

	/* The same name for the same number; some are long. */
	snprintf(name, sizeof(name), "%0*u", which % 13 == 0 ? (int)which * 4 + 1 : 1, which);
	memset(value, 'a' + (char)random_below(26), length);
	value[length] = '\0';
	expected = model_set(kind, name, value);
	fact = state_fact_set(&facts, kind, (struct state_text){name, strlen(name)},
	                      (struct state_text){value, length});
	ck_assert_int_eq(!fact, !expected);
	if (!fact)
		return;
	ck_assert_uint_eq(fact->number, expected->number);
	fact->number = expected->number = random_below(1000);
}

/* In the order in which they came. */
static void compare(void)
{
	ck_assert_uint_eq(facts.count, model.count);
	ck_assert_uint_le(facts.pool_used, sizeof(facts.pool));
	for (unsigned i = 0; i < model.count; i++) {
		ck_assert_int_eq(facts.entries[i].kind, model.facts[i].kind);
		ck_assert_str_eq(state_fact_name(&facts, &facts.entries[i]), model.facts[i].name);
		ck_assert_str_eq(state_fact_value(&facts, &facts.entries[i]), model.facts[i].value);
		ck_assert_uint_eq(facts.entries[i].number, model.facts[i].number);
	}
	for (unsigned kind = 0; kind < STATE_FACT_KINDS; kind++) {
		ck_assert_uint_eq(facts.used[kind], model_entries(kind));
		ck_assert_uint_eq(facts.lost[kind], model.lost[kind]);
	}
}

START_TEST(it_is_as_the_model_says)
{
	seed = (uint32_t)_i;
	for (int step = 0; step < STEPS; step++) {
		if (random_below(300) == 0) {
			enum state_fact_kind kind = random_below(STATE_FACT_KINDS);

			state_facts_forget(&facts, kind);
			model_forget(kind);
		} else {
			set_something();
		}
		if (step % 16 == 0)
			compare();
	}
	compare();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_facts_random");
	TCase *tcase = harness_case(suite, "random");

	tcase_add_loop_test(tcase, it_is_as_the_model_says, 1, 5);
	return harness_run(suite);
}
