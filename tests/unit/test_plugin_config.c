/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of pluginhost/plugin_config: whatever a plugin says to a key, there is one error line, and it is ours only
 * if the plugin had none of its own.
 */
#include <errno.h>

#include "harness.h"
#include "harness_stderr.h"
#include "pluginhost/plugin_config.h"

static struct plugin plugin;
static const struct vsn_host *host;

/* What the plugin does with a key. */
static const char *own_line; /* NULL: it logs none */
static int own_level;
static int result;

/* Configures the plugin and logs the failure, as a command does. */
static int config_and_log(void)
{
	struct failure failure = {0};
	int r = plugin_config(&plugin, "k", "v", &failure);

	ck_assert_int_eq(r < 0, failure.line[0] != '\0');
	if (r < 0)
		log_error("%s", failure_line(&failure, r));
	return r;
}

static int open_plugin(const struct vsn_host *given, void **user)
{
	(void)user;
	host = given;
	return 0;
}

static int config(void *user, const char *key, const char *value)
{
	(void)user;
	if (own_line)
		host->log(host, own_level, "%s: %s=%s", own_line, key, value);
	return result;
}

static void setup(void)
{
	harness_stderr();
	unsetenv("JOURNAL_STREAM");
	log_open();
	plugin = (struct plugin){
		.calls = {.name = "odd", .open = open_plugin, .config = config},
	};
	ck_assert_int_eq(plugin_open(&plugin, NULL, NULL, NULL), 0);
}

static unsigned lines(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static const struct {
	int result;
	const char *own_line;
	int own_level;
	unsigned lines;
	const char *says; /* in the last of them */
} answers[] = {
	{0, NULL, 0, 0, ""},
	{0, "noted", VSN_LOG_INFO, 1, "odd: noted: k=v"},
	{0, "never mind", VSN_LOG_ERROR, 1, "odd: never mind: k=v"},
	{-EINVAL, "so", VSN_LOG_ERROR, 2, "plugin odd: k=v: the value is not one it takes"},
	{-ENOENT, NULL, 0, 1, "plugin odd has no key \"k\""},
	{-EINVAL, NULL, 0, 1, "plugin odd: k=v: the value is not one it takes"},
	{-EIO, NULL, 0, 1, "plugin odd: k=v: Input/output error"},
	{-ENOMEM, NULL, 0, 1, "plugin odd: k=v: Cannot allocate memory"},
	{-EIO, "no such file", VSN_LOG_ERROR, 1, "odd: no such file: k=v"},
	/* Only an error line is one of its own. */
	{-EIO, "well", VSN_LOG_WARNING, 2, "plugin odd: k=v: Input/output error"},
	{-EIO, "well", VSN_LOG_INFO, 2, "plugin odd: k=v: Input/output error"},
};

START_TEST(each_answer_has_its_line)
{
	const char *text;

	own_line = answers[_i].own_line;
	own_level = answers[_i].own_level;
	result = answers[_i].result;
	ck_assert_int_eq(config_and_log(), result);
	text = written();
	ck_assert_msg(lines(text) == answers[_i].lines && strstr(text, answers[_i].says),
	              "answer %d: %s", _i, text);
}
END_TEST

START_TEST(what_it_complained_of_before_does_not_count)
{
	own_line = "bad";
	own_level = VSN_LOG_ERROR;
	result = -EIO;
	host->log(host, VSN_LOG_ERROR, "of old");
	ck_assert_int_eq(config_and_log(), -EIO);
	written();
	own_line = NULL;
	ck_assert_int_eq(config_and_log(), -EIO);
	ck_assert_ptr_nonnull(strstr(written(), "plugin odd: k=v: Input/output error"));
}
END_TEST

START_TEST(a_plugin_without_keys_has_none)
{
	plugin.calls.config = NULL;
	ck_assert_int_eq(config_and_log(), -ENOENT);
	ck_assert_ptr_nonnull(strstr(written(), "plugin odd has no key \"k\""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plugin_config");
	TCase *tcase = harness_case(suite, "config");

	tcase_add_checked_fixture(tcase, setup, harness_stderr_close);
	tcase_add_loop_test(tcase, each_answer_has_its_line, 0,
	                    (int)(sizeof(answers) / sizeof(answers[0])));
	tcase_add_test(tcase, what_it_complained_of_before_does_not_count);
	tcase_add_test(tcase, a_plugin_without_keys_has_none);
	return harness_run(suite);
}
