/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of bridge/bridge_options: documented defaults are the real ones, and what no option takes. */
#include "bridge/bridge_options.h"

#include <errno.h>

#include "base/log.h"
#include "confine/confine.h"
#include "harness.h"

static struct bridge_options options;
static struct failure failure;
static const struct option_entry *const tables[] = {bridge_option_table, serve_option_table};

static void setup(void)
{
	failure.line[0] = '\0';
	bridge_options_init(&options);
}

static const struct option_entry *entry(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct option_entry *one = tables[i]; one->name; one++)
			if (strcmp(one->name, name) == 0)
				return one;
	ck_abort_msg("--%s: no such option", name);
	return NULL;
}

static int take(const char *name, const char *value)
{
	return option_take(entry(name), &options, value, &failure);
}

START_TEST(the_defaults_are_those_that_the_table_documents)
{
	struct bridge_options untouched = options;

	ck_assert_int_eq(take("port", entry("port")->default_value), 0);
	ck_assert_uint_eq(options.port, untouched.port);
	ck_assert_int_eq(take("framing", entry("framing")->default_value), 0);
	ck_assert_int_eq(options.waiting.mode, untouched.waiting.mode);
	ck_assert_int_eq(take("frame-timeout", entry("frame-timeout")->default_value), 0);
	ck_assert_uint_eq(options.frame_timeout_usec, untouched.frame_timeout_usec);
	ck_assert_int_eq(take("max-connections", entry("max-connections")->default_value), 0);
	ck_assert_uint_eq(options.max_connections, untouched.max_connections);
	ck_assert_int_eq(take("socket-mode", entry("socket-mode")->default_value), 0);
	ck_assert_uint_eq(options.listener.mode, untouched.listener.mode);
	ck_assert_int_eq(take("log-level", entry("log-level")->default_value), 0);
	ck_assert(log_enabled(VSN_LOG_INFO) && !log_enabled(VSN_LOG_DEBUG));
	options.peer_rule.privileged = PEER_PRIVILEGED_NO;
	ck_assert_int_eq(
		take("require-privileged-port", entry("require-privileged-port")->default_value),
		0);
	ck_assert_int_eq(options.peer_rule.privileged, untouched.peer_rule.privileged);
	ck_assert_str_eq(entry("plugin")->default_value, "notify");
	ck_assert_uint_eq(untouched.plugin_count, 0);
}
END_TEST

START_TEST(what_has_no_default_is_not_set)
{
	ck_assert_ptr_null(entry("ready-unit")->default_value);
	ck_assert_uint_eq(options.notify_key_count, 0);
	ck_assert_ptr_null(entry("socket-group")->default_value);
	ck_assert(!options.listener.has_group);
	ck_assert_ptr_null(entry("allow-uid")->default_value);
	ck_assert_uint_eq(options.peer_rule.uid_count, 0);
	ck_assert_int_eq(options.peer_rule.vmm, 0);
	ck_assert_int_eq(options.peer_rule.proc_fd, -1);
	ck_assert_int_eq(options.peer_rule.names_ports, 0);
	ck_assert_ptr_null(entry("no-confine")->default_value);
	ck_assert_int_eq(options.no_confine, !confine_by_default());
	ck_assert_ptr_null(entry("dump-plugin")->default_value);
	ck_assert_ptr_null(options.dump_plugin);
	ck_assert_ptr_null(options.notify_socket);
}
END_TEST

START_TEST(every_option_has_a_name_of_its_own_a_line_of_help_and_a_function)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct option_entry *one = tables[i]; one->name; one++) {
			ck_assert_ptr_eq(entry(one->name), one);
			ck_assert_str_ne(one->help, "");
			ck_assert_ptr_null(strchr(one->help, '\n'));
			/* The first member has a function, so offset 0 means that it was forgotten. */
			ck_assert(one->take != NULL || one->offset != 0);
		}
	}
}
END_TEST

static const struct {
	const char *name;
	const char *value;
} good[] = {
	{"port", "1"},
	{"port", "4294967294"},
	{"framing", "eof"},
	{"framing", "settle:5000000"},
	{"frame-timeout", "1ms"},
	{"frame-timeout", "1000us"},
	{"frame-timeout", "60min"},
	{"max-connections", "1"},
	{"max-connections", "1000"},
	{"socket-mode", "0"},
	{"socket-mode", "0666"},
	{"socket-group", "0"},
	{"socket-group", "root"},
	{"socket-group", "4294967294"},
	{"allow-uid", "0"},
	{"allow-uid", "root"},
	{"allow-uid", "4294967294"},
	{"require-privileged-port", "auto"},
	{"require-privileged-port", "yes"},
	{"require-privileged-port", "no"},
	{"no-confine", NULL},
	{"log-level", "error"},
	{"plugin", "notify"},
	{"plugin", "./x.so,a=b"},
	{"ready-unit", "x.target"},
	{"infer-ready", "yes"},
	{"notify-socket", "@x"},
	{"dump-plugin", "notify"},
};

START_TEST(the_edges_of_what_is_right_are_taken)
{
	ck_assert_int_eq(take(good[_i].name, good[_i].value), 0);
}
END_TEST

static const struct {
	const char *name;
	const char *value;
} wrong[] = {
	{"port", "0"},
	{"port", "4294967295"},
	{"port", "4294967296"},
	{"port", "18446744073709551616"},
	{"port", ""},
	{"port", "-1"},
	{"port", "1234x"},
	{"framing", ""},
	{"framing", "EOF"},
	{"framing", "settle"},
	{"framing", "settle:5000001"},
	{"frame-timeout", "999us"},
	{"frame-timeout", "0"},
	{"frame-timeout", "61min"},
	{"frame-timeout", "3600000001us"},
	{"frame-timeout", ""},
	{"frame-timeout", "soon"},
	{"max-connections", "0"},
	{"max-connections", "1001"},
	{"max-connections", ""},
	{"socket-mode", "0700"},
	{"socket-mode", "0661"},
	{"socket-mode", "0616"},
	{"socket-mode", "1000"},
	{"socket-mode", "rw"},
	{"socket-mode", ""},
	{"socket-group", "no-such-group-here"},
	{"socket-group", "4294967295"},
	{"socket-group", "4294967296"},
	{"socket-group", ""},
	{"allow-uid", ""},
	{"allow-uid", "no-such-user-here"},
	{"allow-uid", "-1"},
	{"allow-uid", "4294967295"}, /* (uid_t)-1: a user that is not known */
	{"allow-uid", "4294967296"}, /* would be root's */
	{"allow-uid", "18446744073709551616"},
	{"allow-uid", "0,1"},
	{"allow-uid", "0 "},
	{"allow-uid", "0x0"},
	{"infer-ready", ""},
	{"infer-ready", "off"},
	{"infer-ready", "No"},
	{"require-privileged-port", ""},
	{"require-privileged-port", "YES"},
	{"require-privileged-port", "on"},
	{"require-privileged-port", "yes "},
	{"require-privileged-port", "1024"},
	{"log-level", "verbose"},
	{"log-level", ""},
	{"plugin", ""},
	{"plugin", ",a=b"},
};

START_TEST(a_wrong_value_is_refused_and_changes_nothing)
{
	struct bridge_options before = options;

	char beginning[64];

	ck_assert_msg(take(wrong[_i].name, wrong[_i].value) == -EINVAL, "--%s=%s", wrong[_i].name,
	              wrong[_i].value);
	snprintf(beginning, sizeof(beginning), "--%s=%s: ", wrong[_i].name, wrong[_i].value);
	ck_assert_msg(strncmp(failure.line, beginning, strlen(beginning)) == 0, "it says: %s",
	              failure.line);
	ck_assert_uint_eq(options.port, before.port);
	ck_assert_uint_eq(options.frame_timeout_usec, before.frame_timeout_usec);
	ck_assert_uint_eq(options.max_connections, before.max_connections);
	ck_assert_uint_eq(options.listener.mode, before.listener.mode);
	ck_assert(!options.listener.has_group);
	ck_assert_uint_eq(options.plugin_count, 0);
	ck_assert_uint_eq(options.peer_rule.uid_count, 0);
	ck_assert_int_eq(options.peer_rule.privileged, before.peer_rule.privileged);
	ck_assert_int_eq(options.no_confine, before.no_confine);
}
END_TEST

START_TEST(values_get_where_they_belong)
{
	ck_assert_int_eq(take("port", "4321"), 0);
	ck_assert_uint_eq(options.port, 4321);
	ck_assert_int_eq(take("frame-timeout", "250ms"), 0);
	ck_assert_uint_eq(options.frame_timeout_usec, 250000);
	ck_assert_int_eq(take("max-connections", "7"), 0);
	ck_assert_uint_eq(options.max_connections, 7);
	ck_assert_int_eq(take("socket-mode", "0660"), 0);
	ck_assert_uint_eq(options.listener.mode, 0660);
	ck_assert_int_eq(take("socket-group", "65534"), 0);
	ck_assert(options.listener.has_group);
	ck_assert_uint_eq(options.listener.group, 65534);
	ck_assert_int_eq(take("framing", "settle:9"), 0);
	ck_assert_int_eq(options.waiting.mode, WAITING_SETTLE);
	ck_assert_uint_eq(options.waiting.settle_usec, 9);
	ck_assert_int_eq(take("ready-unit", "u"), 0);
	ck_assert_uint_eq(options.notify_key_count, 1);
	ck_assert_str_eq(options.notify_keys[0].key, "ready-unit");
	ck_assert_str_eq(options.notify_keys[0].value, "u");
	ck_assert_int_eq(take("infer-ready", "no"), 0);
	ck_assert_uint_eq(options.notify_key_count, 2);
	ck_assert_str_eq(options.notify_keys[1].key, "infer-ready");
	ck_assert_str_eq(options.notify_keys[1].value, "no");
	ck_assert_int_eq(take("notify-socket", "@n"), 0);
	ck_assert_str_eq(options.notify_socket, "@n");
	ck_assert_int_eq(take("dump-plugin", "d"), 0);
	ck_assert_str_eq(options.dump_plugin, "d");
}
END_TEST

START_TEST(whether_a_privileged_port_is_required_gets_where_it_belongs)
{
	ck_assert_int_eq(take("require-privileged-port", "yes"), 0);
	ck_assert_int_eq(options.peer_rule.privileged, PEER_PRIVILEGED_YES);
	ck_assert_int_eq(take("require-privileged-port", "no"), 0);
	ck_assert_int_eq(options.peer_rule.privileged, PEER_PRIVILEGED_NO);
	ck_assert_int_eq(take("require-privileged-port", "auto"), 0);
	ck_assert_int_eq(options.peer_rule.privileged, PEER_PRIVILEGED_AUTO);
}
END_TEST

START_TEST(users_are_kept_by_name_or_number_and_at_most_sixteen)
{
	char numbers[PEER_UIDS_MAX][16];

	ck_assert_int_eq(take("allow-uid", "root"), 0);
	ck_assert_uint_eq(options.peer_rule.uid_count, 1);
	ck_assert_uint_eq(options.peer_rule.uids[0], 0);
	for (unsigned i = 1; i < PEER_UIDS_MAX; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%u", 4294967294u - i);
		ck_assert_int_eq(take("allow-uid", numbers[i]), 0);
		ck_assert_uint_eq(options.peer_rule.uid_count, i + 1);
		ck_assert_uint_eq(options.peer_rule.uids[i], 4294967294u - i);
	}
	ck_assert_int_eq(take("allow-uid", "7"), -EINVAL);
	ck_assert_uint_eq(options.peer_rule.uid_count, PEER_UIDS_MAX);
	ck_assert_uint_eq(options.peer_rule.uids[0], 0);
}
END_TEST

/* A daemon's debugging aid takes no value by which it could be half on. */
START_TEST(no_confine_takes_no_value_and_ends_confinement)
{
	ck_assert_ptr_null(entry("no-confine")->argument);
	options.no_confine = false;
	ck_assert_int_eq(take("no-confine", NULL), 0);
	ck_assert(options.no_confine);
	ck_assert_int_eq(take("no-confine", NULL), 0);
	ck_assert(options.no_confine);
}
END_TEST

START_TEST(plugins_are_kept_in_order_and_at_most_sixteen)
{
	char names[BRIDGE_PLUGINS_MAX][16];

	for (int i = 0; i < BRIDGE_PLUGINS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "p%d", i);
		ck_assert_int_eq(take("plugin", names[i]), 0);
	}
	ck_assert_int_eq(take("plugin", "one-more"), -EINVAL);
	ck_assert_uint_eq(options.plugin_count, BRIDGE_PLUGINS_MAX);
	for (int i = 0; i < BRIDGE_PLUGINS_MAX; i++)
		ck_assert_ptr_eq(options.plugins[i], names[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve_options");
	TCase *tcase = harness_case(suite, "values");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, the_defaults_are_those_that_the_table_documents);
	tcase_add_test(tcase, what_has_no_default_is_not_set);
	tcase_add_test(tcase, every_option_has_a_name_of_its_own_a_line_of_help_and_a_function);
	tcase_add_loop_test(tcase, the_edges_of_what_is_right_are_taken, 0,
	                    (int)(sizeof(good) / sizeof(good[0])));
	tcase_add_loop_test(tcase, a_wrong_value_is_refused_and_changes_nothing, 0,
	                    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, values_get_where_they_belong);
	tcase_add_test(tcase, whether_a_privileged_port_is_required_gets_where_it_belongs);
	tcase_add_test(tcase, users_are_kept_by_name_or_number_and_at_most_sixteen);
	tcase_add_test(tcase, no_confine_takes_no_value_and_ends_confinement);
	tcase_add_test(tcase, plugins_are_kept_in_order_and_at_most_sixteen);
	return harness_run(suite);
}
