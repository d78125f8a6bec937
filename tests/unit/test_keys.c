/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/keys: each key of --plugin=notify with values that it takes and does not. */
#include "plugins/notify/keys.h"

#include <errno.h>

#include "guest_fixture.h"

static const char *why;

static void setup(void)
{
	guest_init(&guest);
	why = NULL;
}

static int settle(const char *key, const char *value)
{
	why = NULL;
	return keys_set(&guest, key, value, &why);
}

#define A10  "AAAAAAAAAA"
#define A50  A10 A10 A10 A10 A10
#define A60  A50 A10
#define A120 A60 A60
#define A240 A120 A120

/* 0: taken; -EINVAL; -EPERM with words of which why is a part. */
static const struct {
	const char *key;
	const char *value;
	int result;
	const char *why;
} cases[] = {
	{"ready-unit", "multi-user.target", 0, NULL},
	{"ready-unit", "a@b\\x2dc.target", 0, NULL},
	{"ready-unit", "sshd.service", -EPERM, "a guest announces targets only"},
	{"ready-unit", "a.target.d", -EPERM, "a guest announces targets only"},
	{"ready-unit", "dev-vda.device", -EPERM, "a guest announces targets only"},
	{"ready-unit", A240 "12345678.target", 0, NULL},
	{"ready-unit", A240 "123456789.target", -EINVAL, NULL},
	{"ready-unit", "", -EINVAL, NULL},
	{"ready-unit", "multi-user", -EINVAL, NULL},
	{"ready-unit", ".target", -EINVAL, NULL},
	{"ready-unit", "a.", -EINVAL, NULL},
	{"ready-unit", "a b.target", -EINVAL, NULL},
	{"ready-unit", "/a.target", -EINVAL, NULL},
	{"ready-unit", "a.target\n", -EINVAL, NULL},
	{"infer-ready", "yes", 0, NULL},
	{"infer-ready", "no", 0, NULL},
	{"infer-ready", "off", -EINVAL, NULL},
	{"infer-ready", "", -EINVAL, NULL},
	{"on-restore", "ready", 0, NULL},
	{"on-restore", "wait", 0, NULL},
	{"on-restore", "on", -EINVAL, NULL},
	{"on-restore", "", -EINVAL, NULL},
	{"track", "on", 0, NULL},
	{"track", "off", 0, NULL},
	{"track", "yes", -EINVAL, NULL},
	{"track", "On", -EINVAL, NULL},
	{"reboot", "status", 0, NULL},
	{"reboot", "reloading", 0, NULL},
	{"reboot", "RELOADING", -EINVAL, NULL},
	{"extend-start", "0", 0, NULL},
	{"extend-start", "86400", 0, NULL},
	{"extend-start", "86401", -EINVAL, NULL},
	{"extend-start", "18446744073709551616", -EINVAL, NULL},
	{"extend-start", "-1", -EINVAL, NULL},
	{"extend-start", "5s", -EINVAL, NULL},
	{"extend-start", "", -EINVAL, NULL},
	{"allow", "WATCHDOG", 0, NULL},
	{"allow", "WATCHDOG,ERRNO,X_A,X_B*", 0, NULL},
	{"allow", "READY", 0, NULL},
	{"allow", "", -EINVAL, NULL},
	{"allow", ",", -EINVAL, NULL},
	{"allow", "WATCHDOG,", -EINVAL, NULL},
	{"allow", ",WATCHDOG", -EINVAL, NULL},
	{"allow", "WATCHDOG,,ERRNO", -EINVAL, NULL},
	{"allow", "X_" A60 "1", 0, NULL},
	{"allow", "X_" A60 "12", -EINVAL, NULL},
	{"allow", "MAINPID", -EPERM, "which process of the host"},
	{"allow", "WATCHDOG,MAINPID", -EPERM, "which process of the host"},
	{"allow", "WATCHDOG_USEC", -EPERM, "WatchdogSec="},
	{"allow", "WATCHDOG=1", -EPERM, "no field"},
	{"allow", "watchdog", -EPERM, "no field"},
	{"allow", "*", -EPERM, "no field"},
	{"allow", "WATCHDOG ERRNO", -EPERM, "no field"},
	{"deny", "READY,STATUS", 0, NULL},
	{"deny", "MAINPID", 0, NULL},
	{"deny", "X_A*", 0, NULL},
	{"deny", "", -EINVAL, NULL},
	{"deny", "READY,", -EINVAL, NULL},
	{"deny", "NOTHING", -EPERM, "no field"},
	{"watchdog", "on", 0, NULL},
	{"watchdog", "off", 0, NULL},
	{"watchdog", "trigger", -EINVAL, NULL},
	{"watchdog", "", -EINVAL, NULL},
	{"status-prefix", "", 0, NULL},
	{"status-prefix", "VM web: ", 0, NULL},
	{"status-prefix", "gr\xc3\xbc\xc3\x9f: ", 0, NULL},
	{"status-prefix", A120 "12345678", 0, NULL},
	{"status-prefix", A120 "123456789", -EINVAL, NULL},
	{"status-prefix", "a\nREADY=1", -EPERM, "control characters"},
	{"status-prefix", "a\x1b[2J", -EPERM, "control characters"},
	{"status-prefix", "a\xff", -EPERM, "UTF-8"},
	{"status-prefix", "a\\", -EPERM, "backslash"},
	{"status-prefix", "a\\b", 0, NULL},
	{"max-status", "16", 0, NULL},
	{"max-status", "4096", 0, NULL},
	{"max-status", "15", -EINVAL, NULL},
	{"max-status", "4097", -EINVAL, NULL},
	{"max-status", "0", -EINVAL, NULL},
	{"max-status", "", -EINVAL, NULL},
	{"max-status", "100k", -EINVAL, NULL},
	{"max-extend", "0", 0, NULL},
	{"max-extend", "86400", 0, NULL},
	{"max-extend", "86401", -EINVAL, NULL},
	{"max-extend", "1.5", -EINVAL, NULL},
	{"max-extend", "", -EINVAL, NULL},
	{"max-extend-total", "0", 0, NULL},
	{"max-extend-total", "86400", 0, NULL},
	{"max-extend-total", "86401", -EINVAL, NULL},
	{"max-extend-total", "infinity", -EINVAL, NULL},
	{"", "", -ENOENT, NULL},
	{"ready-units", "a.target", -ENOENT, NULL},
	{"Track", "on", -ENOENT, NULL},
	{"max_extend", "1", -ENOENT, NULL},
};

START_TEST(a_key_takes_what_it_should_and_nothing_else)
{
	int r = settle(cases[_i].key, cases[_i].value);

	ck_assert_msg(r == cases[_i].result, "%s=%s: %d", cases[_i].key, cases[_i].value, r);
	if (r == -EPERM)
		ck_assert_msg(why && strstr(why, cases[_i].why), "%s=%s: %s", cases[_i].key,
		              cases[_i].value, why);
}
END_TEST

/* Keys one after the other, "key=value key=value"; what the conflict says, or NULL. */
static const struct {
	const char *keys;
	const char *said;
} conflicts[] = {
	{"", NULL},
	{"reboot=reloading", "reboot=reloading has no effect without track=on"},
	{"track=on reboot=reloading track=off", "reboot=reloading has no effect without track=on"},
	{"reboot=reloading track=on", NULL},
	{"reboot=status", NULL},
	{"extend-start=5", "extend-start=5 has no effect without track=on"},
	{"extend-start=0", NULL},
	{"track=on extend-start=5", NULL},
	{"track=on extend-start=600", NULL},
	{"track=on extend-start=601", "extend-start=601 has no effect above max-extend=600"},
	{"track=on extend-start=601 max-extend=601", NULL},
	{"track=on extend-start=3601 max-extend=3601", "above max-extend-total=3600"},
	{"track=on extend-start=1 max-extend=0", "above max-extend=0: write max-extend=1"},
	{"track=on extend-start=5 deny=EXTEND_TIMEOUT_USEC", "deny=EXTEND_TIMEOUT_USEC"},
	{"track=on reboot=reloading deny=RELOADING", "deny=RELOADING: leave out one of them"},
	{"status-prefix=x deny=STATUS", "status-prefix has no effect with deny=STATUS"},
	{"max-status=99 deny=STATUS", "max-status has no effect with deny=STATUS"},
	{"deny=STATUS", NULL},
	{"status-prefix=x deny=STATUS allow=STATUS", NULL},
};

START_TEST(a_key_that_can_have_no_effect_beside_the_others_is_told)
{
	char keys[128], line[KEYS_CONFLICT_MAX];
	char *rest = keys;

	snprintf(keys, sizeof(keys), "%s", conflicts[_i].keys);
	for (char *key; (key = strsep(&rest, " ")) && *key;) {
		char *value = strchr(key, '=');

		*value++ = '\0';
		set(key, value);
	}
	ck_assert_int_eq(keys_conflict(&guest, line), conflicts[_i].said != NULL);
	ck_assert_msg(!conflicts[_i].said || strstr(line, conflicts[_i].said), "%s", line);
}
END_TEST

/* What is shown to people is what there is: "key=WHAT  description", a line each. */
START_TEST(the_help_has_each_key_and_no_other)
{
	unsigned lines = 0;

	for (const char *line = keys_help; *line; line = strchr(line, '\n') + 1, lines++) {
		char key[64];
		size_t length = strcspn(line, "=");

		ck_assert_ptr_nonnull(strchr(line, '\n'));
		ck_assert_uint_lt(length, sizeof(key));
		memcpy(key, line, length);
		key[length] = '\0';
		ck_assert_msg(settle(key, "\x01") != -ENOENT, "%s is shown, and is no key", key);
		ck_assert_ptr_nonnull(strstr(line, "  "));
	}
	ck_assert_uint_eq(lines, 13);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char key[66];

		snprintf(key, sizeof(key), "\n%s=", cases[i].key);
		ck_assert_msg(cases[i].result == -ENOENT || strstr(keys_help, key) ||
		                      strncmp(keys_help, key + 1, strlen(key + 1)) == 0,
		              "%s is not shown", cases[i].key);
	}
}
END_TEST

START_TEST(by_default_nothing_is_set)
{
	ck_assert_ptr_null(guest.life.ready_unit);
	ck_assert(!guest.life.never_infer);
	ck_assert(!guest.wait_when_restored && !guest.progress.told &&
	          !guest.progress.reboot_is_reload);
	ck_assert_uint_eq(guest.progress.extend_usec, 0);
	ck_assert_str_eq(guest.style.prefix, "");
	ck_assert_uint_eq(guest.style.max, 0);
	ck_assert_uint_eq(guest.limits.max_extend_usec, 600 * SECOND);
	ck_assert_uint_eq(guest.limits.extend_left_usec, 3600 * SECOND);
}
END_TEST

START_TEST(each_key_sets_what_it_is_for)
{
	char unit[] = "a.target";

	set("ready-unit", unit);
	memset(unit, 'x', sizeof(unit) - 1); /* its string is valid during the call only */
	ck_assert_str_eq(guest.life.ready_unit, "a.target");
	set("infer-ready", "no");
	ck_assert(guest.life.never_infer);
	set("infer-ready", "yes");
	ck_assert(!guest.life.never_infer);
	set("on-restore", "wait");
	ck_assert(guest.wait_when_restored);
	set("track", "on");
	ck_assert(guest.progress.told && !guest.progress.reboot_is_reload);
	set("reboot", "reloading");
	ck_assert(guest.progress.reboot_is_reload);
	set("extend-start", "86400");
	ck_assert_uint_eq(guest.progress.extend_usec, 86400 * SECOND);
	set("max-extend", "5");
	ck_assert_uint_eq(guest.limits.max_extend_usec, 5 * SECOND);
	set("max-extend-total", "86400");
	ck_assert_uint_eq(guest.limits.extend_left_usec, 86400 * SECOND);
	ck_assert_uint_eq(guest.limits.max_extend_usec, 5 * SECOND);
	set("status-prefix", "VM: ");
	ck_assert_str_eq(guest.style.prefix, "VM: ");
	set("max-status", "100");
	ck_assert_uint_eq(guest.style.max, 100);
	set("track", "off");
	set("on-restore", "ready");
	set("reboot", "status");
	ck_assert(!guest.wait_when_restored && !guest.progress.told &&
	          !guest.progress.reboot_is_reload);
	set("status-prefix", "b");
	ck_assert_str_eq(guest.style.prefix, "b");
}
END_TEST

static bool passes(const char *name)
{
	struct field field = field_of(name, "1");

	return policy_passes(&guest.policy, policy_classify(&field), &field);
}

START_TEST(of_a_list_each_is_allowed_or_denied)
{
	set("allow", "WATCHDOG,ERRNO,X_A,X_B*");
	ck_assert(passes("WATCHDOG") && passes("ERRNO") && passes("X_A") && passes("X_BC"));
	ck_assert(!passes("BUSERROR") && !passes("X_C") && !passes("RELOADING"));
	set("deny", "ERRNO,READY,X_A");
	ck_assert(passes("WATCHDOG") && passes("X_BC"));
	ck_assert(!passes("ERRNO") && !passes("READY") && !passes("X_A"));
	set("allow", "READY");
	ck_assert(passes("READY"));
}
END_TEST

START_TEST(the_watchdog_is_a_field_like_others_and_the_last_word_counts)
{
	ck_assert(!passes("WATCHDOG"));
	set("watchdog", "on");
	ck_assert(passes("WATCHDOG"));
	set("deny", "WATCHDOG");
	ck_assert(!passes("WATCHDOG"));
	set("watchdog", "on");
	ck_assert(passes("WATCHDOG"));
	set("watchdog", "off");
	ck_assert(!passes("WATCHDOG"));
	set("allow", "WATCHDOG");
	ck_assert(passes("WATCHDOG"));
}
END_TEST

/* The longest unit and prefix that are taken leave what lies beside them alone. */
START_TEST(the_longest_values_fit)
{
	guest.wait_when_restored = true;
	set("ready-unit", A240 "12345678.target");
	ck_assert_uint_eq(strlen(guest.ready_unit), UNIT_NAME_MAX);
	ck_assert(guest.wait_when_restored);
	guest.style.max = 77;
	set("status-prefix", A120 "12345678");
	ck_assert_uint_eq(strlen(guest.style.prefix), STATUS_PREFIX_MAX);
	ck_assert_uint_eq(guest.style.max, 77);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keys");
	TCase *tcase = harness_case(suite, "keys");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_loop_test(tcase, a_key_takes_what_it_should_and_nothing_else, 0,
	                    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, the_help_has_each_key_and_no_other);
	tcase = harness_case(suite, "effect");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, by_default_nothing_is_set);
	tcase_add_test(tcase, each_key_sets_what_it_is_for);
	tcase_add_test(tcase, of_a_list_each_is_allowed_or_denied);
	tcase_add_test(tcase, the_watchdog_is_a_field_like_others_and_the_last_word_counts);
	tcase_add_test(tcase, the_longest_values_fit);
	tcase_add_loop_test(tcase, a_key_that_can_have_no_effect_beside_the_others_is_told, 0,
	                    (int)(sizeof(conflicts) / sizeof(conflicts[0])));
	return harness_run(suite);
}
