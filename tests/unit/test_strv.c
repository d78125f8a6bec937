/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/strv: a vector that execvp(3) can be given at any moment. */
#include "base/strv.h"

#include "harness.h"

static struct strv strv;

static void teardown(void)
{
	strv_free(&strv);
}

/* The items, each followed by a blank. */
static const char *joined(void)
{
	static char text[256];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < strv.count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s ", strv.items[i]);
	if (strv.items)
		ck_assert_ptr_null(strv.items[strv.count]);
	return text;
}

START_TEST(an_empty_one_has_no_items_and_can_be_freed)
{
	static const char *const nothing[] = {NULL};

	ck_assert_ptr_null(strv.items);
	ck_assert_int_eq(strv_extend(&strv, nothing), 0);
	ck_assert_uint_eq(strv.count, 0);
	strv_free(&strv);
}
END_TEST

START_TEST(items_are_copies_and_always_ended)
{
	char word[] = "one";

	ck_assert_int_eq(strv_append(&strv, word), 0);
	word[0] = 'X';
	ck_assert_str_eq(joined(), "one ");
	ck_assert_int_eq(strv_append(&strv, ""), 0);
	ck_assert_int_eq(strv_append(&strv, "three"), 0);
	ck_assert_str_eq(joined(), "one  three ");
}
END_TEST

START_TEST(an_item_can_be_replaced_even_by_itself)
{
	static const char *const words[] = {"a", "b", "c", NULL};

	ck_assert_int_eq(strv_extend(&strv, words), 0);
	ck_assert_int_eq(strv_replace(&strv, 1, "longer than it was"), 0);
	ck_assert_str_eq(joined(), "a longer than it was c ");
	ck_assert_int_eq(strv_replace(&strv, 2, strv.items[2]), 0);
	ck_assert_str_eq(joined(), "a longer than it was c ");
}
END_TEST

START_TEST(a_freed_one_can_be_used_again)
{
	ck_assert_int_eq(strv_append(&strv, "a"), 0);
	strv_free(&strv);
	ck_assert_uint_eq(strv.count, 0);
	ck_assert_ptr_null(strv.items);
	ck_assert_int_eq(strv_append(&strv, "b"), 0);
	ck_assert_str_eq(joined(), "b ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("strv");
	TCase *tcase = harness_case(suite, "vector");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, an_empty_one_has_no_items_and_can_be_freed);
	tcase_add_test(tcase, items_are_copies_and_always_ended);
	tcase_add_test(tcase, an_item_can_be_replaced_even_by_itself);
	tcase_add_test(tcase, a_freed_one_can_be_used_again);
	return harness_run(suite);
}
