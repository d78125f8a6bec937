/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/refused: what was refused is counted by name, in bounded memory. */
#include "plugins/notify/refused.h"

#include "guest_fixture.h"

static struct refused refused;

static void setup(void)
{
	refused = (struct refused){0};
}

static bool is_new(const char *name, const char *value)
{
	struct field field = field_of(name, value);

	return refused_first_time(&refused, &field);
}

START_TEST(a_name_is_new_once_whatever_its_value)
{
	ck_assert(is_new("MAINPID", "1"));
	ck_assert(!is_new("MAINPID", "1"));
	ck_assert(!is_new("MAINPID", "2"));
	ck_assert(is_new("MAINPIDFD", "1"));
	ck_assert(is_new("MAINPI", "1"));
	ck_assert(is_new("", ""));
	ck_assert(!is_new("", ""));
	ck_assert_uint_eq(refused.count, 4);
	ck_assert_uint_eq(refused.others, 0);
}
END_TEST

START_TEST(each_time_is_counted_for_its_name)
{
	for (int i = 0; i < 1000; i++) {
		is_new("MAINPID", "1");
		if (i % 10 == 0)
			is_new("FDSTORE", "1");
	}
	ck_assert_uint_eq(refused.count, 2);
	ck_assert_str_eq(refused.names[0].name, "MAINPID");
	ck_assert_uint_eq(refused.names[0].count, 1000);
	ck_assert_str_eq(refused.names[1].name, "FDSTORE");
	ck_assert_uint_eq(refused.names[1].count, 100);
}
END_TEST

START_TEST(of_more_names_than_there_is_room_for_none_is_new_and_all_are_counted)
{
	char name[32];

	for (int i = 0; i < REFUSED_NAMES_MAX + 50; i++) {
		snprintf(name, sizeof(name), "NAME%d", i);
		ck_assert_int_eq(is_new(name, ""), i < REFUSED_NAMES_MAX);
		ck_assert(!is_new(name, ""));
	}
	ck_assert_uint_eq(refused.count, REFUSED_NAMES_MAX);
	ck_assert_uint_eq(refused.others, 100);
	for (int i = 0; i < REFUSED_NAMES_MAX; i++)
		ck_assert_uint_eq(refused.names[i].count, 2);
	/* Those that are known still are. */
	ck_assert(!is_new("NAME0", ""));
	ck_assert_uint_eq(refused.names[0].count, 3);
	ck_assert_uint_eq(refused.others, 100);
}
END_TEST

START_TEST(only_the_name_is_read_not_what_follows_it)
{
	struct field field = field_of("MAINPID=1\nMAINPID=2", "");
	struct field again = field;

	field.name_length = strlen("MAINPID");
	again.name += strlen("MAINPID=1\n");
	again.name_length = strlen("MAINPID");
	ck_assert(refused_first_time(&refused, &field));
	ck_assert(!refused_first_time(&refused, &again));
	ck_assert_str_eq(refused.names[0].name, "MAINPID");
}
END_TEST

/* A name of any length is kept cut, and memory beside it is not touched. */
START_TEST(a_long_name_is_cut_and_counted_with_those_that_begin_so)
{
	char name[4096];

	memset(name, 'A', sizeof(name));
	for (size_t length = REFUSED_NAME_LENGTH - 1; length < sizeof(name); length *= 2) {
		struct field field = {name, length, "", 0};

		refused_first_time(&refused, &field);
	}
	ck_assert_uint_eq(refused.count, 2);
	ck_assert_uint_eq(strlen(refused.names[0].name), REFUSED_NAME_LENGTH - 1);
	ck_assert_uint_eq(refused.names[0].count, 1);
	ck_assert_uint_eq(strlen(refused.names[1].name), REFUSED_NAME_LENGTH);
	ck_assert_uint_eq(refused.names[1].count, 7);
	ck_assert_str_eq(refused.names[2].name, "");
}
END_TEST

START_TEST(a_name_of_exactly_the_kept_length_is_whole)
{
	char name[REFUSED_NAME_LENGTH + 1];
	struct field field = {name, REFUSED_NAME_LENGTH, "", 0};

	memset(name, 'B', sizeof(name));
	ck_assert(refused_first_time(&refused, &field));
	ck_assert(!refused_first_time(&refused, &field));
	field.name_length--;
	ck_assert(refused_first_time(&refused, &field));
}
END_TEST

/* The name's bytes end where the field says: from a buffer of exactly that size. */
START_TEST(nothing_is_read_beyond_the_name)
{
	for (size_t length = 1; length < 2 * REFUSED_NAME_LENGTH; length++) {
		char *exact = malloc(length);
		struct field field = {exact, length, "", 0};

		ck_assert_ptr_nonnull(exact);
		memset(exact, 'C', length);
		refused_first_time(&refused, &field);
		free(exact);
	}
	ck_assert_uint_eq(refused.count, REFUSED_NAME_LENGTH);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refused");
	TCase *tcase = harness_case(suite, "refused");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, a_name_is_new_once_whatever_its_value);
	tcase_add_test(tcase, each_time_is_counted_for_its_name);
	tcase_add_test(tcase, of_more_names_than_there_is_room_for_none_is_new_and_all_are_counted);
	tcase_add_test(tcase, only_the_name_is_read_not_what_follows_it);
	tcase_add_test(tcase, a_long_name_is_cut_and_counted_with_those_that_begin_so);
	tcase_add_test(tcase, a_name_of_exactly_the_kept_length_is_whole);
	tcase_add_test(tcase, nothing_is_read_beyond_the_name);
	return harness_run(suite);
}
