/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/policy and refused: which fields of sd_notify(3) pass, what is said of others. */
#include "../../vsock-notify/plugins/notify/policy.h"

#include "../../vsock-notify/plugins/notify/refused.h"
#include "harness.h"

static struct field make(const char *name, const char *value)
{
	return (struct field){name, strlen(name), value, strlen(value)};
}

static const struct {
	const char *name;
	const char *value;
	enum policy_field kind;
} fields[] = {
	{"READY", "1", POLICY_READY},
	{"READY", "0", POLICY_REFUSED},
	{"READY", "", POLICY_REFUSED},
	{"READY", "11", POLICY_REFUSED},
	{"READY", "1 ", POLICY_REFUSED},
	{"ready", "1", POLICY_REFUSED},
	{"READY ", "1", POLICY_REFUSED},
	{"RELOADING", "1", POLICY_REFUSED},
	{"STOPPING", "1", POLICY_STOPPING},
	{"STOPPING", "0", POLICY_REFUSED},
	{"STATUS", "", POLICY_STATUS},
	{"STATUS", "anything\x1b", POLICY_STATUS},
	{"NOTIFYACCESS", "all", POLICY_REFUSED},
	{"ERRNO", "2", POLICY_REFUSED},
	{"BUSERROR", "org.freedesktop.DBus.Error.TimedOut", POLICY_REFUSED},
	{"VARLINKERROR", "org.varlink.service.InvalidParameter", POLICY_REFUSED},
	{"EXIT_STATUS", "0", POLICY_EXIT_STATUS},
	{"EXIT_STATUS", "255", POLICY_EXIT_STATUS},
	{"EXIT_STATUS", "256", POLICY_REFUSED},
	{"EXIT_STATUS", "-1", POLICY_REFUSED},
	{"EXIT_STATUS", "", POLICY_REFUSED},
	{"EXIT_STATUS", "FAILURE", POLICY_REFUSED},
	{"MAINPID", "1", POLICY_REFUSED},
	{"MAINPIDFDID", "1", POLICY_REFUSED},
	{"MAINPIDFD", "1", POLICY_REFUSED},
	{"WATCHDOG", "1", POLICY_REFUSED},
	{"WATCHDOG", "trigger", POLICY_REFUSED},
	{"WATCHDOG_USEC", "1", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "1", POLICY_EXTEND_TIMEOUT},
	{"EXTEND_TIMEOUT_USEC", "18446744073709551615", POLICY_EXTEND_TIMEOUT},
	{"EXTEND_TIMEOUT_USEC", "18446744073709551616", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "0", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "", POLICY_REFUSED},
	{"EXTEND_TIMEOUT_USEC", "1s", POLICY_REFUSED},
	{"MONOTONIC_USEC", "33537184", POLICY_REFUSED},
	{"FDSTORE", "1", POLICY_REFUSED},
	{"FDSTOREREMOVE", "1", POLICY_REFUSED},
	{"FDNAME", "x", POLICY_REFUSED},
	{"FDPOLL", "0", POLICY_REFUSED},
	{"RESTART_RESET", "1", POLICY_REFUSED},
	{"BARRIER", "1", POLICY_BARRIER},
	{"BARRIER", "0", POLICY_REFUSED},
	{"BARRIER", "", POLICY_REFUSED},
	{"X_SYSTEMD_UNIT_ACTIVE", "basic.target", POLICY_SYSTEMD},
	{"X_SYSTEMD_", "", POLICY_SYSTEMD},
	{"X_SYSTEMD", "1", POLICY_REFUSED},
	{"X_OTHER", "1", POLICY_REFUSED},
	{"SOMETHING_NEW", "1", POLICY_REFUSED},
	{"READY1", "1", POLICY_REFUSED},
	{"READ", "1", POLICY_REFUSED},
};

START_TEST(only_what_the_table_names_passes)
{
	struct field field = make(fields[_i].name, fields[_i].value);

	ck_assert_msg(policy_classify(&field) == fields[_i].kind, "%s=%s is %d", fields[_i].name,
	              fields[_i].value, policy_classify(&field));
}
END_TEST

START_TEST(changes_of_state_are_told_from_progress)
{
	ck_assert(policy_is_state(POLICY_READY));
	ck_assert(policy_is_state(POLICY_STOPPING));
	ck_assert(policy_is_state(POLICY_EXIT_STATUS));
	ck_assert(policy_is_state(POLICY_BARRIER));
	ck_assert(!policy_is_state(POLICY_STATUS));
	ck_assert(!policy_is_state(POLICY_EXTEND_TIMEOUT));
	ck_assert(!policy_is_state(POLICY_SYSTEMD));
	ck_assert(!policy_is_state(POLICY_REFUSED));
}
END_TEST

START_TEST(a_refused_name_is_new_once_whatever_its_value)
{
	struct refused refused = {0};
	struct field first = make("MAINPID", "1"), again = make("MAINPID", "2");
	struct field other = make("MAINPIDFD", "1"), empty = make("", "");

	ck_assert(refused_first_time(&refused, &first));
	ck_assert(!refused_first_time(&refused, &first));
	ck_assert(!refused_first_time(&refused, &again));
	ck_assert(refused_first_time(&refused, &other));
	ck_assert(refused_first_time(&refused, &empty));
	ck_assert(!refused_first_time(&refused, &empty));
	ck_assert_uint_eq(refused.count, 3);
}
END_TEST

START_TEST(of_more_names_than_there_is_room_for_none_is_new)
{
	struct refused refused = {0};
	char name[32];

	for (int i = 0; i < REFUSED_NAMES_MAX + 50; i++) {
		struct field field;

		snprintf(name, sizeof(name), "NAME%d", i);
		field = make(name, "");
		ck_assert_int_eq(refused_first_time(&refused, &field), i < REFUSED_NAMES_MAX);
		ck_assert(!refused_first_time(&refused, &field));
	}
	ck_assert_uint_eq(refused.count, REFUSED_NAMES_MAX);
}
END_TEST

START_TEST(only_the_name_is_read_not_what_follows_it)
{
	struct refused refused = {0};
	struct field field = make("MAINPID=1\nMAINPID=2", "");
	struct field again = field;

	field.name_length = strlen("MAINPID");
	again.name += strlen("MAINPID=1\n");
	again.name_length = strlen("MAINPID");
	ck_assert(refused_first_time(&refused, &field));
	ck_assert(!refused_first_time(&refused, &again));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = harness_case(suite, "allowed");

	tcase_add_loop_test(tcase, only_what_the_table_names_passes, 0,
	                    (int)(sizeof(fields) / sizeof(fields[0])));
	tcase_add_test(tcase, changes_of_state_are_told_from_progress);
	tcase = harness_case(suite, "refused");
	tcase_add_test(tcase, a_refused_name_is_new_once_whatever_its_value);
	tcase_add_test(tcase, of_more_names_than_there_is_room_for_none_is_new);
	tcase_add_test(tcase, only_the_name_is_read_not_what_follows_it);
	return harness_run(suite);
}
