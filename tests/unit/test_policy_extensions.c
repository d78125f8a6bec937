/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/policy: extensions, X_NAME, which pass by name or by the beginning of one
 * ("X_NAME*") and by nothing else.
 */
#include "plugins/notify/policy.h"

#include "guest_fixture.h"

static struct policy policy;

static void setup(void)
{
	policy_init(&policy);
}

static bool passes(const char *name)
{
	struct field field = field_of(name, "1");
	enum policy_field kind = policy_classify(&field);

	return policy_passes(&policy, kind, &field);
}

static void allow(const char *name)
{
	ck_assert_ptr_null(policy_allow(&policy, name));
}

static void deny(const char *name)
{
	ck_assert_ptr_null(policy_deny(&policy, name));
}

static const struct {
	const char *name;
	enum policy_field kind;
} kinds[] = {
	{"X_SYSTEMD_UNIT_ACTIVE", POLICY_SYSTEMD},
	{"X_SYSTEMD_", POLICY_SYSTEMD},
	{"X_SYSTEMD", POLICY_EXTENSION},
	{"X_SYSTEM_D", POLICY_EXTENSION},
	{"X_OTHER", POLICY_EXTENSION},
	{"X", POLICY_REFUSED},
	{"x_other", POLICY_REFUSED},
	{"XX_OTHER", POLICY_REFUSED},
	{" X_OTHER", POLICY_REFUSED},
};

START_TEST(an_extension_is_known_by_its_beginning_and_does_not_pass_by_default)
{
	struct field field = field_of(kinds[_i].name, "");

	ck_assert_int_eq(policy_classify(&field), kinds[_i].kind);
	ck_assert(!passes(kinds[_i].name));
}
END_TEST

START_TEST(an_allowed_one_passes_and_none_that_is_like_it)
{
	allow("X_ONE");
	ck_assert(passes("X_ONE"));
	ck_assert(!passes("X_ON"));
	ck_assert(!passes("X_ONE1"));
	ck_assert(!passes("X_ONE*"));
	ck_assert(!passes("X_one"));
	ck_assert(!passes("ONE"));
	deny("X_ONE");
	ck_assert(!passes("X_ONE"));
}
END_TEST

START_TEST(one_that_ends_in_a_star_is_a_beginning)
{
	allow("X_ONE*");
	ck_assert(passes("X_ONE"));
	ck_assert(passes("X_ONE_TWO"));
	ck_assert(!passes("X_ON"));
	ck_assert(!passes("X_TWO"));
	deny("X_ONE*");
	ck_assert(!passes("X_ONE_TWO"));
}
END_TEST

START_TEST(what_follows_a_name_does_not_make_it_longer)
{
	struct field field = {"X_ONE", 4, "", 0};

	allow("X_ONE*");
	ck_assert(!policy_passes(&policy, policy_classify(&field), &field));
	field.name_length = 5;
	ck_assert(policy_passes(&policy, policy_classify(&field), &field));
}
END_TEST

START_TEST(systemds_own_pass_only_where_they_are_asked_for)
{
	allow("X_SYSTEMD_UNIT_*");
	ck_assert(passes("X_SYSTEMD_UNIT_ACTIVE"));
	ck_assert(!passes("X_SYSTEMD_SHUTDOWN"));
	allow("X_SYSTEMD_SHUTDOWN");
	ck_assert(passes("X_SYSTEMD_SHUTDOWN"));
	ck_assert(!passes("X_SYSTEMD_HOSTNAME"));
	allow("X_*");
	ck_assert(passes("X_SYSTEMD_HOSTNAME"));
}
END_TEST

/* What a guest may write before a '=' is any byte; what is told is a name. */
static const char *const no_names[] = {
	"X_\x1b[2J", "X_A B", "X_A\\", "X_\xff", "X_gr\xc3\xbc", "X_A*", "X_a", "X_\x7f", "X_A\t",
};

START_TEST(what_is_no_name_of_a_field_never_passes)
{
	allow("X_*");
	allow("X_A*");
	ck_assert(passes("X_A9_Z"));
	ck_assert(!passes(no_names[_i]));
}
END_TEST

static const char *const bad[] = {
	"",    "X",     "*",     "X*",    "READ",   "ready",  "X_a",    "X_A**",      "X_A*B",
	"Y_A", "X_A B", "X_A=1", "X_A\n", "X_\xff", "READY*", "*READY", "WATCHDOG=1", "MAINPID*",
};

START_TEST(what_is_neither_field_nor_extension_is_refused_in_words)
{
	const char *why = policy_allow(&policy, bad[_i]);

	ck_assert_ptr_nonnull(why);
	ck_assert_ptr_nonnull(strstr(why, "no field of sd_notify(3)"));
	why = policy_deny(&policy, bad[_i]);
	ck_assert_ptr_nonnull(why);
	ck_assert_ptr_nonnull(strstr(why, "no field of sd_notify(3)"));
	ck_assert_uint_eq(policy.extension_count, 0);
}
END_TEST

START_TEST(a_name_is_as_long_as_there_is_room)
{
	char name[POLICY_EXTENSION_NAME_MAX + 1];

	memset(name, 'A', sizeof(name));
	memcpy(name, "X_", 2);
	name[POLICY_EXTENSION_NAME_MAX] = '\0';
	ck_assert_ptr_nonnull(policy_allow(&policy, name));
	ck_assert_uint_eq(policy.extension_count, 0);
	name[POLICY_EXTENSION_NAME_MAX - 1] = '\0';
	allow(name);
	ck_assert(passes(name));
	name[POLICY_EXTENSION_NAME_MAX - 1] = 'A';
	ck_assert(!passes(name));
}
END_TEST

static const char *numbered(int i)
{
	static char name[16];

	snprintf(name, sizeof(name), "X_N%d", i);
	return name;
}

START_TEST(the_seventeenth_is_refused_and_the_sixteen_stay)
{
	for (int i = 0; i < POLICY_EXTENSIONS_MAX; i++)
		allow(numbered(i));
	ck_assert_ptr_nonnull(strstr(policy_allow(&policy, "X_MORE"), "16"));
	ck_assert(!passes("X_MORE"));
	/* one that is there already needs no room */
	allow(numbered(3));
	ck_assert_uint_eq(policy.extension_count, POLICY_EXTENSIONS_MAX);
	deny(numbered(3));
	allow("X_MORE");
	ck_assert(passes("X_MORE"));
	for (int i = 0; i < POLICY_EXTENSIONS_MAX; i++)
		ck_assert_msg(passes(numbered(i)) == (i != 3), "%s", numbered(i));
}
END_TEST

/* Each may be the first, one in between or the last of the list. */
START_TEST(one_that_is_denied_takes_no_other_with_it)
{
	for (int i = 0; i < POLICY_EXTENSIONS_MAX; i++)
		allow(numbered(i));
	deny(numbered(_i));
	deny(numbered(_i));
	ck_assert_uint_eq(policy.extension_count, POLICY_EXTENSIONS_MAX - 1);
	for (int i = 0; i < POLICY_EXTENSIONS_MAX; i++)
		ck_assert(passes(numbered(i)) == (i != _i));
}
END_TEST

START_TEST(one_that_is_not_there_may_be_denied)
{
	deny("X_ONE");
	allow("X_TWO");
	deny("X_ONE");
	ck_assert(passes("X_TWO"));
	ck_assert(!passes("X_ONE"));
}
END_TEST

/* The last word counts for what it names, however that was allowed. */
START_TEST(a_denied_beginning_denies_all_that_begin_so)
{
	allow("X_ONE");
	allow("X_ONE_A*");
	allow("X_TWO");
	deny("X_ONE*");
	ck_assert(!passes("X_ONE"));
	ck_assert(!passes("X_ONE_AB"));
	ck_assert(passes("X_TWO"));
	deny("X_*");
	ck_assert_uint_eq(policy.extension_count, 0);
}
END_TEST

START_TEST(one_of_an_allowed_beginning_is_not_denied_in_silence)
{
	const char *why;

	allow("X_ONE*");
	why = policy_deny(&policy, "X_ONE_A");
	ck_assert_msg(why || !passes("X_ONE_A"), "it was denied, and passes");
	why = policy_deny(&policy, "X_ONE_A*");
	ck_assert_msg(why || !passes("X_ONE_AB"), "it was denied, and passes");
	ck_assert(passes("X_ONE"));
}
END_TEST

START_TEST(extensions_are_no_orders_by_another_name)
{
	allow("X_*");
	ck_assert(!passes("MAINPID"));
	ck_assert(!passes("WATCHDOG_USEC"));
	ck_assert(passes("X_MAINPID"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy_extensions");
	TCase *tcase = harness_case(suite, "pass");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase,
	                    an_extension_is_known_by_its_beginning_and_does_not_pass_by_default, 0,
	                    (int)(sizeof(kinds) / sizeof(kinds[0])));
	tcase_add_test(tcase, an_allowed_one_passes_and_none_that_is_like_it);
	tcase_add_test(tcase, one_that_ends_in_a_star_is_a_beginning);
	tcase_add_test(tcase, what_follows_a_name_does_not_make_it_longer);
	tcase_add_test(tcase, systemds_own_pass_only_where_they_are_asked_for);
	tcase_add_loop_test(tcase, what_is_no_name_of_a_field_never_passes, 0,
	                    (int)(sizeof(no_names) / sizeof(no_names[0])));
	tcase_add_test(tcase, extensions_are_no_orders_by_another_name);
	tcase = harness_case(suite, "names");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, what_is_neither_field_nor_extension_is_refused_in_words, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tcase, a_name_is_as_long_as_there_is_room);
	tcase_add_test(tcase, the_seventeenth_is_refused_and_the_sixteen_stay);
	tcase = harness_case(suite, "deny");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, one_that_is_denied_takes_no_other_with_it, 0,
	                    POLICY_EXTENSIONS_MAX);
	tcase_add_test(tcase, one_that_is_not_there_may_be_denied);
	tcase_add_test(tcase, a_denied_beginning_denies_all_that_begin_so);
	tcase_add_test(tcase, one_of_an_allowed_beginning_is_not_denied_in_silence);
	return harness_run(suite);
}
