/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of state/state_facts: shares, values that change, room that is given back, against a plain model that
 * has an allocation for each text.
 */
#include "state/state_facts.h"

#include "harness.h"

static struct state_facts facts;

static struct state_text text(const char *bytes)
{
	return (struct state_text){bytes, strlen(bytes)};
}

/* So many bytes of that letter. */
static struct state_text many(char letter, size_t count)
{
	static char buffers[4][8192];
	static unsigned next;
	char *buffer = buffers[next++ % 4];

	ck_assert_uint_lt(count, sizeof(buffers[0]));
	memset(buffer, letter, count);
	buffer[count] = '\0';
	return (struct state_text){buffer, count};
}

static struct state_fact *set(enum state_fact_kind kind, const char *name, const char *value)
{
	return state_fact_set(&facts, kind, text(name), text(value));
}

static const char *value_of(enum state_fact_kind kind, const char *name)
{
	const struct state_fact *fact = state_fact_find(&facts, kind, text(name));

	return fact ? state_fact_value(&facts, fact) : "(none)";
}

START_TEST(a_fact_is_found_by_kind_and_whole_name)
{
	struct state_fact *fact = set(STATE_FIELD, "X_A", "1");

	ck_assert_ptr_nonnull(fact);
	ck_assert_uint_eq(fact->number, 0);
	ck_assert_uint_eq(fact->usec, 0);
	ck_assert_str_eq(state_fact_name(&facts, fact), "X_A");
	ck_assert_ptr_eq(state_fact_find(&facts, STATE_FIELD, text("X_A")), fact);
	ck_assert_ptr_null(state_fact_find(&facts, STATE_UNIT, text("X_A")));
	ck_assert_ptr_null(state_fact_find(&facts, STATE_FIELD, text("X_")));
	ck_assert_ptr_null(state_fact_find(&facts, STATE_FIELD, text("X_AB")));
	ck_assert_ptr_null(state_fact_find(&facts, STATE_FIELD, text("")));
}
END_TEST

/* A name is not ended by a NUL where it is handed in. */
START_TEST(only_so_much_of_a_text_is_taken)
{
	struct state_fact *fact = state_fact_set(
		&facts, STATE_FIELD, (struct state_text){"X_Ab", 3}, (struct state_text){"12", 1});

	ck_assert_ptr_nonnull(fact);
	ck_assert_str_eq(state_fact_name(&facts, fact), "X_A");
	ck_assert_str_eq(state_fact_value(&facts, fact), "1");
}
END_TEST

START_TEST(a_value_changes_in_place_and_the_rest_stays)
{
	struct state_fact *fact = set(STATE_FIELD, "X_A", "middle");
	size_t used;

	fact->usec = 5;
	fact->number = 6;
	set(STATE_FIELD, "X_B", "other");
	used = facts.pool_used;
	ck_assert_ptr_eq(set(STATE_FIELD, "X_A", "less"), fact);
	ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), "less");
	ck_assert_uint_eq(facts.pool_used, used);
	ck_assert_ptr_eq(set(STATE_FIELD, "X_A", ""), fact);
	ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), "");
	ck_assert_ptr_eq(set(STATE_FIELD, "X_A", "much more than it was"), fact);
	ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), "much more than it was");
	ck_assert_str_eq(value_of(STATE_FIELD, "X_B"), "other");
	ck_assert_uint_eq(fact->usec, 5);
	ck_assert_uint_eq(fact->number, 6);
	ck_assert_uint_eq(facts.count, 2);
}
END_TEST

/* As many as a kind's share of entries has; one more is counted; the other kinds have theirs still. */
START_TEST(each_kind_has_its_share_of_entries)
{
	static const unsigned shares[STATE_FACT_KINDS] = {64, 32, 16};
	char name[32];

	for (unsigned kind = 0; kind < STATE_FACT_KINDS; kind++) {
		for (unsigned i = 0; i < shares[kind] + 3; i++) {
			snprintf(name, sizeof(name), "name%u", i);
			ck_assert_msg(!set(kind, name, "") == (i >= shares[kind]), "kind %u: %u",
			              kind, i);
		}
		ck_assert_uint_eq(facts.used[kind], shares[kind]);
		ck_assert_uint_eq(facts.lost[kind], 3);
	}
	ck_assert_uint_eq(facts.count, STATE_FACTS_MAX);
	/* What is there is not lost, though there is no room for another. */
	ck_assert_ptr_nonnull(set(STATE_UNIT, "name0", ""));
	ck_assert_uint_eq(facts.lost[STATE_UNIT], 3);
}
END_TEST

START_TEST(each_kind_has_its_share_of_bytes)
{
	static const size_t shares[STATE_FACT_KINDS] = {4096, 2560, 512};

	for (unsigned kind = 0; kind < STATE_FACT_KINDS; kind++) {
		struct state_text name = many('a', shares[kind] - 1);

		ck_assert_ptr_null(state_fact_set(&facts, kind, name, text("")));
		ck_assert_uint_eq(facts.lost[kind], 1);
		name.length--;
		ck_assert_ptr_nonnull(state_fact_set(&facts, kind, name, text("")));
		ck_assert_ptr_null(set(kind, "b", ""));
		ck_assert_uint_eq(facts.lost[kind], 2);
	}
	ck_assert_uint_eq(facts.pool_used, STATE_POOL_MAX);
}
END_TEST

/* It keeps the value that it has. */
START_TEST(a_value_for_which_there_is_no_room_is_counted)
{
	ck_assert_ptr_nonnull(set(STATE_FIELD, "X_A", "1"));
	ck_assert_ptr_null(state_fact_set(&facts, STATE_FIELD, text("X_A"), many('v', 2560 - 4)));
	ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), "1");
	ck_assert_uint_eq(facts.lost[STATE_FIELD], 1);
	ck_assert_ptr_nonnull(
		state_fact_set(&facts, STATE_FIELD, text("X_A"), many('v', 2560 - 5)));
	ck_assert_uint_eq(strlen(value_of(STATE_FIELD, "X_A")), 2560 - 5);
	ck_assert_uint_eq(facts.lost[STATE_FIELD], 1);
}
END_TEST

/*
 * The pool is one byte longer than the shares are together. A value that grows to use its last byte, and then
 * room that has to be given back.
 */
START_TEST(a_pool_that_is_full_to_its_last_byte_is_compacted)
{
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_UNIT, many('u', 4094), text("")));
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_REFUSED, many('r', 510), text("")));
	ck_assert_ptr_nonnull(set(STATE_FIELD, "X_A", ""));
	/* What is left of the pool is 2556 bytes, a byte more than the share has for a value and its NUL. */
	ck_assert_uint_eq(sizeof(facts.pool) - facts.pool_used, 2556);
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_FIELD, text("X_A"), many('1', 2555)));
	ck_assert_uint_eq(facts.pool_used, sizeof(facts.pool));
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_FIELD, text("X_A"), many('2', 100)));
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_FIELD, text("X_A"), many('3', 101)));
	ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), many('3', 101).bytes);
	ck_assert_ptr_nonnull(state_fact_find(&facts, STATE_UNIT, many('u', 4094)));
	ck_assert_ptr_nonnull(state_fact_find(&facts, STATE_REFUSED, many('r', 510)));
}
END_TEST

START_TEST(what_is_forgotten_gives_its_room_back)
{
	ck_assert_ptr_nonnull(state_fact_set(&facts, STATE_UNIT, many('u', 4094), text("")));
	ck_assert_ptr_null(set(STATE_UNIT, "v", ""));
	ck_assert_ptr_nonnull(set(STATE_REFUSED, "MAINPID", ""));
	ck_assert_ptr_nonnull(set(STATE_FIELD, "X_A", "1"));
	for (int life = 0; life < 100; life++) {
		state_facts_forget(&facts, STATE_UNIT);
		ck_assert_uint_eq(facts.count, 2);
		ck_assert_uint_eq(facts.used[STATE_UNIT], 0);
		ck_assert_uint_eq(facts.lost[STATE_UNIT], 0);
		ck_assert_ptr_null(state_fact_find(&facts, STATE_UNIT, many('u', 4094)));
		ck_assert_ptr_nonnull(
			state_fact_set(&facts, STATE_UNIT, many('u', 4094), text("")));
		ck_assert_str_eq(value_of(STATE_FIELD, "X_A"), "1");
		ck_assert_str_eq(value_of(STATE_REFUSED, "MAINPID"), "");
	}
}
END_TEST

/* A NUL ends a text, whoever sent it. Nothing behind the pool is read: see it under AddressSanitizer. */
START_TEST(a_text_ends_at_its_first_nul)
{
	static char bytes[STATE_POOL_MAX + 8192] = "X_A";
	struct state_text name = {bytes, sizeof(bytes)};
	struct state_facts *own = calloc(1, sizeof(*own));

	ck_assert_ptr_nonnull(own);
	ck_assert_ptr_nonnull(state_fact_set(own, STATE_FIELD, text("X_A"), text("1")));
	state_fact_find(own, STATE_FIELD, name);
	ck_assert_ptr_nonnull(state_fact_set(own, STATE_FIELD, (struct state_text){"X_B\0c", 5},
	                                     (struct state_text){"1\0"
	                                                         "2",
	                                                         3}));
	ck_assert_ptr_nonnull(state_fact_find(own, STATE_FIELD, text("X_B")));
	ck_assert_str_eq(state_fact_value(own, state_fact_find(own, STATE_FIELD, text("X_B"))),
	                 "1");
	free(own);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state_facts");
	TCase *tcase = harness_case(suite, "facts");

	tcase_add_test(tcase, a_fact_is_found_by_kind_and_whole_name);
	tcase_add_test(tcase, only_so_much_of_a_text_is_taken);
	tcase_add_test(tcase, a_value_changes_in_place_and_the_rest_stays);
	tcase_add_test(tcase, each_kind_has_its_share_of_entries);
	tcase_add_test(tcase, each_kind_has_its_share_of_bytes);
	tcase_add_test(tcase, a_value_for_which_there_is_no_room_is_counted);
	tcase_add_test(tcase, a_pool_that_is_full_to_its_last_byte_is_compacted);
	tcase_add_test(tcase, what_is_forgotten_gives_its_room_back);
	tcase_add_test(tcase, a_text_ends_at_its_first_nul);
	return harness_run(suite);
}
