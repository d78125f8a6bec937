/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of plugins/notify/policy: every field of sd_notify(3) as of systemd 262, with values that it may
 * have and may not, by default, allowed and denied. Extensions: test_policy_extensions.c.
 */
#include "plugins/notify/policy.h"

#include "guest_fixture.h"

/* What becomes of it by default. */
enum fate {
	PASSES,
	ON_REQUEST,
	NEVER
};

static const struct {
	const char *name;
	const char *value;
	enum policy_field kind;
	enum fate fate;
	const char *why; /* of what never passes: a part of what is said to who asks for it */
} manual[] = {
	{"READY", "1", POLICY_READY, PASSES, NULL},
	{"RELOADING", "1", POLICY_RELOADING, ON_REQUEST, NULL},
	{"STOPPING", "1", POLICY_STOPPING, PASSES, NULL},
	{"MONOTONIC_USEC", "33537184", POLICY_REFUSED, NEVER, "guest's clock"},
	{"STATUS", "text", POLICY_STATUS, PASSES, NULL},
	{"NOTIFYACCESS", "all", POLICY_REFUSED, NEVER, "notification socket"},
	{"ERRNO", "2", POLICY_ERRNO, ON_REQUEST, NULL},
	{"BUSERROR", "org.freedesktop.DBus.Error.TimedOut", POLICY_BUSERROR, ON_REQUEST, NULL},
	{"VARLINKERROR", "org.varlink.service.InvalidParameter", POLICY_VARLINKERROR, ON_REQUEST,
         NULL},
	{"EXIT_STATUS", "0", POLICY_EXIT_STATUS, PASSES, NULL},
	{"MAINPID", "1", POLICY_REFUSED, NEVER, "which process of the host"},
	{"MAINPIDFDID", "1", POLICY_REFUSED, NEVER, "main process"},
	{"MAINPIDFD", "1", POLICY_REFUSED, NEVER, "main process"},
	{"WATCHDOG", "1", POLICY_WATCHDOG, ON_REQUEST, NULL},
	{"WATCHDOG_USEC", "20000000", POLICY_REFUSED, NEVER, "WatchdogSec="},
	{"EXTEND_TIMEOUT_USEC", "1000000", POLICY_EXTEND_TIMEOUT, PASSES, NULL},
	{"FDSTORE", "1", POLICY_REFUSED, NEVER, "descriptor"},
	{"FDSTOREREMOVE", "1", POLICY_REFUSED, NEVER, "descriptor store"},
	{"FDNAME", "x", POLICY_REFUSED, NEVER, "FDSTORE"},
	{"FDPOLL", "0", POLICY_REFUSED, NEVER, "FDSTORE"},
	{"RESTART_RESET", "1", POLICY_REFUSED, NEVER, "restarts"},
	{"BARRIER", "1", POLICY_BARRIER, PASSES, NULL},
};

#define MANUAL_COUNT ((int)(sizeof(manual) / sizeof(manual[0])))

static struct policy policy;

static void setup(void)
{
	memset(&policy, 0x55, sizeof(policy));
	policy_init(&policy);
}

static bool passes(const char *name, const char *value)
{
	struct field field = field_of(name, value);
	enum policy_field kind = policy_classify(&field);

	return policy_passes(&policy, kind, &field);
}

static bool denies(int index)
{
	return policy_denies(&policy, manual[index].kind);
}

/* All fields as they were at first but for that one. */
static void check_others(int but)
{
	for (int i = 0; i < MANUAL_COUNT; i++)
		if (i != but)
			ck_assert_msg(passes(manual[i].name, manual[i].value) ==
			                              (manual[i].fate == PASSES) &&
			                      !denies(i),
			              "%s is not as it was", manual[i].name);
}

START_TEST(by_default_what_is_safe_passes)
{
	struct field field = field_of(manual[_i].name, manual[_i].value);

	ck_assert_int_eq(policy_classify(&field), manual[_i].kind);
	ck_assert_int_eq(passes(manual[_i].name, manual[_i].value), manual[_i].fate == PASSES);
	ck_assert_msg(!denies(_i), "what is kept back by default is not denied to the host's own");
}
END_TEST

START_TEST(allowed_it_passes_or_says_why_it_never_does)
{
	const char *why = policy_allow(&policy, manual[_i].name);

	if (manual[_i].fate == NEVER) {
		ck_assert_ptr_nonnull(why);
		ck_assert_msg(strstr(why, manual[_i].why), "%s: %s", manual[_i].name, why);
		check_others(-1);
	} else {
		ck_assert_ptr_null(why);
		ck_assert(passes(manual[_i].name, manual[_i].value));
		check_others(_i);
	}
}
END_TEST

START_TEST(denied_it_does_not_pass_and_nothing_else_changes)
{
	ck_assert_ptr_null(policy_deny(&policy, manual[_i].name));
	ck_assert(!passes(manual[_i].name, manual[_i].value));
	ck_assert_int_eq(denies(_i), manual[_i].fate != NEVER);
	check_others(_i);
}
END_TEST

START_TEST(the_last_word_counts)
{
	bool can = manual[_i].fate != NEVER;

	policy_allow(&policy, manual[_i].name);
	policy_deny(&policy, manual[_i].name);
	ck_assert(!passes(manual[_i].name, manual[_i].value));
	ck_assert_int_eq(denies(_i), can);
	policy_allow(&policy, manual[_i].name);
	ck_assert_int_eq(passes(manual[_i].name, manual[_i].value), can);
	ck_assert(!denies(_i));
}
END_TEST

/* A user may allow all that there is, one after the other. */
START_TEST(with_everything_allowed_the_orders_to_the_host_still_do_not_pass)
{
	for (int i = 0; i < MANUAL_COUNT; i++)
		policy_allow(&policy, manual[i].name);
	ck_assert_ptr_null(policy_allow(&policy, "X_*"));
	for (int i = 0; i < MANUAL_COUNT; i++)
		ck_assert_msg(passes(manual[i].name, manual[i].value) == (manual[i].fate != NEVER),
		              "%s", manual[i].name);
	ck_assert_msg(!passes("WATCHDOG", "trigger"), "WATCHDOG=trigger fails the unit");
	ck_assert(!passes("SOMETHING_NEW", "1"));
}
END_TEST

/* Values that a field may not have are refused whatever is asked; so is a name but for one byte. */
static const struct {
	const char *name;
	const char *value;
	enum policy_field kind;
} edges[] = {
	{"READY", "0", POLICY_REFUSED},
	{"READY", "", POLICY_REFUSED},
	{"READY", "11", POLICY_REFUSED},
	{"READY", "1 ", POLICY_REFUSED},
	{"ready", "1", POLICY_REFUSED},
	{"READY ", "1", POLICY_REFUSED},
	{" READY", "1", POLICY_REFUSED},
	{"READY1", "1", POLICY_REFUSED},
	{"READ", "1", POLICY_REFUSED},
	{"RELOADING", "0", POLICY_REFUSED},
	{"RELOADING", "", POLICY_REFUSED},
	{"STOPPING", "0", POLICY_REFUSED},
	{"STOPPING", "true", POLICY_REFUSED},
	{"STATUS", "", POLICY_STATUS},
	{"STATUS", "anything\x1b", POLICY_STATUS},
	{"EXIT_STATUS", "255", POLICY_EXIT_STATUS},
	{"EXIT_STATUS", "256", POLICY_REFUSED},
	{"EXIT_STATUS", "-1", POLICY_REFUSED},
	{"EXIT_STATUS", "", POLICY_REFUSED},
	{"EXIT_STATUS", "FAILURE", POLICY_REFUSED},
	{"WATCHDOG", "trigger", POLICY_REFUSED},
	{"WATCHDOG", "0", POLICY_REFUSED},
	{"WATCHDOG", "", POLICY_REFUSED},
	{"WATCHDOG", "1trigger", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "1", POLICY_EXTEND_TIMEOUT},
	{"EXTEND_TIMEOUT_USEC", "18446744073709551615", POLICY_EXTEND_TIMEOUT},
	{"EXTEND_TIMEOUT_USEC", "18446744073709551616", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "0", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "1s", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "-1", POLICY_REFUSED},
	{"ERRNO", "0", POLICY_ERRNO},
	{"ERRNO", "4095", POLICY_ERRNO},
	{"ERRNO", "4096", POLICY_REFUSED},
	{"ERRNO", "", POLICY_REFUSED},
	{"ERRNO", "ENOENT", POLICY_REFUSED},
	{"ERRNO", "-2", POLICY_REFUSED},
	{"BUSERROR", "", POLICY_REFUSED},
	{"BUSERROR", "a", POLICY_BUSERROR},
	{"BUSERROR", "a-b_c.D9", POLICY_BUSERROR},
	{"BUSERROR", "a b", POLICY_REFUSED},
	{"BUSERROR", "a\\", POLICY_REFUSED},
	{"BUSERROR", "a\x1b[2J", POLICY_REFUSED},
	{"BUSERROR", "gr\xc3\xbc", POLICY_REFUSED},
	{"VARLINKERROR", "", POLICY_REFUSED},
	{"VARLINKERROR", "a/b", POLICY_REFUSED},
	{"BARRIER", "0", POLICY_REFUSED},
	{"BARRIER", "", POLICY_REFUSED},
	{"MAINPID", "", POLICY_REFUSED},
	{"NOTIFYACCESS", "none", POLICY_REFUSED},
	{"SOMETHING_NEW", "1", POLICY_REFUSED},
};

START_TEST(only_the_values_that_a_field_may_have_are_its_kind)
{
	struct field field = field_of(edges[_i].name, edges[_i].value);

	policy_allow(&policy, edges[_i].name);
	ck_assert_msg(policy_classify(&field) == edges[_i].kind, "%s=%s is %d", edges[_i].name,
	              edges[_i].value, policy_classify(&field));
	ck_assert_int_eq(policy_passes(&policy, policy_classify(&field), &field),
	                 edges[_i].kind != POLICY_REFUSED);
}
END_TEST

START_TEST(names_of_errors_are_as_long_as_d_bus_has_them)
{
	char name[257];
	struct field field = {"BUSERROR", 8, name, 255};

	memset(name, 'a', sizeof(name));
	ck_assert_int_eq(policy_classify(&field), POLICY_BUSERROR);
	field.value_length = 256;
	ck_assert_int_eq(policy_classify(&field), POLICY_REFUSED);
	name[3] = '\0';
	field.value_length = 255;
	ck_assert_int_eq(policy_classify(&field), POLICY_REFUSED);
}
END_TEST

/* Of a view into a message only what belongs to it is looked at. */
START_TEST(what_follows_a_name_or_a_value_is_not_read)
{
	struct field field = {"READY1", 5, "12", 1};

	ck_assert_int_eq(policy_classify(&field), POLICY_READY);
	field = (struct field){"EXTEND_TIMEOUT_USECX", 19, "7x", 1};
	ck_assert_int_eq(policy_classify(&field), POLICY_EXTEND_TIMEOUT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = harness_case(suite, "manual");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, by_default_what_is_safe_passes, 0, MANUAL_COUNT);
	tcase_add_loop_test(tcase, allowed_it_passes_or_says_why_it_never_does, 0, MANUAL_COUNT);
	tcase_add_loop_test(tcase, denied_it_does_not_pass_and_nothing_else_changes, 0,
	                    MANUAL_COUNT);
	tcase_add_loop_test(tcase, the_last_word_counts, 0, MANUAL_COUNT);
	tcase_add_test(tcase, with_everything_allowed_the_orders_to_the_host_still_do_not_pass);
	tcase = harness_case(suite, "values");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, only_the_values_that_a_field_may_have_are_its_kind, 0,
	                    (int)(sizeof(edges) / sizeof(edges[0])));
	tcase_add_test(tcase, names_of_errors_are_as_long_as_d_bus_has_them);
	tcase_add_test(tcase, what_follows_a_name_or_a_value_is_not_read);
	return harness_run(suite);
}
