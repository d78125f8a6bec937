/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of cli/options: tables drive parsing and help; one line names the wrong option. */
#include "cli/command.h"

#include <errno.h>
#include <stdbool.h>

#include "base/log.h"
#include "harness.h"

struct taken {
	bool stored_flag;
	const char *stored_text;
	enum {
		APPLE = 3,
		PEAR = 4
	} stored_fruit;
	const char *name;
	bool flag;
	int calls;
};

static int take_name(void *user, const char *argument, struct failure *failure)
{
	struct taken *taken = user;

	(void)failure;
	taken->name = argument;
	taken->calls++;
	return 0;
}

static int take_flag(void *user, const char *argument, struct failure *failure)
{
	struct taken *taken = user;

	(void)failure;
	ck_assert_ptr_null(argument);
	taken->flag = true;
	return 0;
}

static int take_bad(void *user, const char *argument, struct failure *failure)
{
	(void)user;
	return failure_set(failure, -ERANGE, "%s is bad", argument);
}

static const struct option_choice fruits[] = {{"apple", APPLE}, {"pear", PEAR}, {0}};

static const struct option_entry first_table[] = {
	{"name", "NAME", "joe", "what it is called", .take = take_name},
	{"flag", NULL, NULL, "a thing to switch on", .take = take_flag},
	{"stored-flag", NULL, NULL, "stored", .offset = offsetof(struct taken, stored_flag)},
	{"stored-fruit", "FRUIT", NULL, "stored", .offset = offsetof(struct taken, stored_fruit),
         .choices = fruits},
	{"stored-text", "TEXT", NULL, "stored", .offset = offsetof(struct taken, stored_text)},
	{0},
};

static const struct option_entry second_table[] = {
	{"a-long-name-that-fills-the-column", "VALUE", NULL, "help behind it", .take = take_bad},
	{0},
};

static const struct option_entry *const tables[] = {first_table, second_table, NULL};

static const struct command command = {
	.name = "do",
	.synopsis = "[OPTION...] THING",
	.purpose = "Does things.",
	.options = tables,
};

static FILE *error_lines;
static struct taken taken;
static int operands;
static struct failure failure;

static void setup(void)
{
	error_lines = tmpfile();
	ck_assert_int_eq(dup2(fileno(error_lines), STDERR_FILENO), STDERR_FILENO);
}

static void teardown(void)
{
	fclose(error_lines);
}

/* What was written to standard output or error. */
static const char *printed(void)
{
	static char text[1024];
	ssize_t n = pread(fileno(error_lines), text, sizeof(text) - 1, 0);

	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	return text;
}

/* Parses up to four arguments after the command's name. */
static int parse(const char *a, const char *b, const char *c, const char *d)
{
	const char *const arguments[] = {"do", a, b, c, d, NULL};
	static char copies[5][64];
	char *argv[6] = {0};
	int argc = 0;

	for (; arguments[argc]; argc++) {
		snprintf(copies[argc], sizeof(copies[0]), "%s", arguments[argc]);
		argv[argc] = copies[argc];
	}
	return options_parse(&command, argc, argv, &taken, &operands, &failure);
}

START_TEST(values_come_with_an_equals_sign_or_behind)
{
	ck_assert_int_eq(parse("--name=x", "--flag", "thing", NULL), 0);
	ck_assert_str_eq(taken.name, "x");
	ck_assert(taken.flag);
	ck_assert_int_eq(operands, 3);
	ck_assert_int_eq(parse("--name", "-flag", "thing", NULL), 0);
	ck_assert_str_eq(taken.name, "-flag");
	ck_assert_int_eq(operands, 3);
	ck_assert_int_eq(parse("--name=--", "thing", NULL, NULL), 0);
	ck_assert_str_eq(taken.name, "--");
	ck_assert_int_eq(operands, 2);
	ck_assert_int_eq(parse("--name", "-", "--", NULL), 0);
	ck_assert_str_eq(taken.name, "-");
	ck_assert_int_eq(operands, 4);
	ck_assert_int_eq(parse("--name=", NULL, NULL, NULL), 0);
	ck_assert_str_eq(taken.name, "");
	ck_assert_str_eq(failure.line, "");
}
END_TEST

START_TEST(an_option_without_a_function_is_stored_where_it_says)
{
	ck_assert_int_eq(parse("--stored-text=x", NULL, NULL, NULL), 0);
	ck_assert_str_eq(taken.stored_text, "x");
	ck_assert(!taken.stored_flag);
	ck_assert_int_eq(parse("--stored-flag", NULL, NULL, NULL), 0);
	ck_assert(taken.stored_flag);
	ck_assert_int_eq(parse("--stored-fruit=pear", NULL, NULL, NULL), 0);
	ck_assert_int_eq(taken.stored_fruit, PEAR);
	ck_assert_int_eq(parse("--stored-fruit=plum", NULL, NULL, NULL), -EINVAL);
	ck_assert_str_eq(failure.line, "--stored-fruit=plum: it must be apple or pear");
	ck_assert_int_eq(taken.stored_fruit, PEAR);
}
END_TEST

START_TEST(the_first_operand_ends_the_options)
{
	ck_assert_int_eq(parse("thing", "--flag", "--bad", NULL), 0);
	ck_assert(!taken.flag);
	ck_assert_int_eq(operands, 1);
	ck_assert_int_eq(parse("--", "--flag", NULL, NULL), 0);
	ck_assert(!taken.flag);
	ck_assert_int_eq(operands, 2);
	ck_assert_int_eq(parse(NULL, NULL, NULL, NULL), 0);
	ck_assert_int_eq(operands, 1);
}
END_TEST

START_TEST(an_option_may_be_given_again)
{
	ck_assert_int_eq(parse("--name=a", "--name=b", NULL, NULL), 0);
	ck_assert_str_eq(taken.name, "b");
	ck_assert_int_eq(taken.calls, 2);
}
END_TEST

static const struct {
	const char *first;
	const char *wrong;
	const char *named;
} mistakes[] = {
	{"--flag", "--unknown", "--unknown is not an option"},
	{"--flag", "--unknown=1", "--unknown=1 is not an option"},
	{"--flag", "-x", "-x is not an option"},
	{"--flag", "-name=x", "-name=x is not an option"},
	{"-name=x", "thing", "-name=x is not an option"},
	{"--flag", "--name", "--name needs a value"},
	{"--name", "--", "--name needs a value: \"vsock-notify do --help\""},
	{"--name", "--flag", "--name needs a value: if it is \"--flag\", write --name=--flag"},
	{"--na", "--", "--na needs a value"},
	{"--flag", "--flag=1", "--flag=1 is not an option"},
	{"--flag", "--help=1", "--help=1 is not an option"},
	{"--flag", "--", NULL},
};

START_TEST(a_mistake_is_one_line_that_names_it)
{
	int r = parse(mistakes[_i].first, mistakes[_i].wrong, NULL, NULL);
	const char *line = failure.line;

	if (!mistakes[_i].named) {
		ck_assert_int_eq(r, 0);
		return;
	}
	ck_assert_int_eq(r, -EINVAL);
	ck_assert_msg(strstr(line, mistakes[_i].named) != NULL, "it says: %s", line);
	ck_assert_ptr_null(strchr(line, '\n'));
	ck_assert_str_eq(printed(), "");
}
END_TEST

START_TEST(the_exit_status_says_who_was_wrong_and_the_line_is_logged_once)
{
	parse("--unknown", NULL, NULL, NULL);
	ck_assert_int_eq(options_exit_status(-EINVAL, &failure), EXIT_USAGE);
	ck_assert_ptr_nonnull(strstr(printed(), failure.line));
	ck_assert_ptr_eq(strchr(printed(), '\n'), printed() + strlen(printed()) - 1);
	ck_assert_int_eq(options_exit_status(-ENOMEM, &failure), EXIT_FAILURE);
}
END_TEST

START_TEST(after_the_help_nothing_is_logged)
{
	ck_assert_int_eq(options_exit_status(OPTIONS_HELP, &failure), EXIT_SUCCESS);
	ck_assert_str_eq(printed(), "");
}
END_TEST

START_TEST(what_a_value_is_refused_with_goes_up)
{
	ck_assert_int_eq(parse("--a-long-name-that-fills-the-column=1", "--unknown", NULL, NULL),
	                 -ERANGE);
	ck_assert_str_eq(failure.line, "1 is bad");
	ck_assert_str_eq(printed(), "");
}
END_TEST

START_TEST(help_is_answered_with_every_option_and_its_default)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	options_print_help(&command, out);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "Usage: vsock-notify do [OPTION...] THING\n"));
	ck_assert_ptr_nonnull(strstr(text, "Does things.\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\n  --name=NAME                     what it is called [joe]\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\n  --flag                          a thing to switch on\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\n  --a-long-name-that-fills-the-column=VALUE help behind it\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n  --help "));
	free(text);
}
END_TEST

START_TEST(help_ends_the_parsing)
{
	ck_assert_int_ge(dup2(STDERR_FILENO, STDOUT_FILENO), 0);
	ck_assert_int_eq(parse("--flag", "--help", "--unknown", NULL), OPTIONS_HELP);
	ck_assert(taken.flag);
	fflush(stdout);
	ck_assert_ptr_nonnull(strstr(printed(), "Usage: vsock-notify do"));
	ck_assert_ptr_null(strstr(printed(), "unknown"));
}
END_TEST

START_TEST(a_command_without_options_knows_help_all_the_same)
{
	static const struct option_entry *const none[] = {NULL};
	static const struct command bare = {
		.name = "bare", .synopsis = "", .purpose = "x", .options = none};
	char name[] = "bare", wrong[] = "--wrong";
	char *argv[] = {name, wrong, NULL};

	ck_assert_int_eq(options_parse(&bare, 1, argv, NULL, &operands, &failure), 0);
	ck_assert_int_eq(options_parse(&bare, 2, argv, NULL, &operands, &failure), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = harness_case(suite, "parse");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, values_come_with_an_equals_sign_or_behind);
	tcase_add_test(tcase, an_option_without_a_function_is_stored_where_it_says);
	tcase_add_test(tcase, the_first_operand_ends_the_options);
	tcase_add_test(tcase, an_option_may_be_given_again);
	tcase_add_loop_test(tcase, a_mistake_is_one_line_that_names_it, 0,
	                    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_test(tcase, what_a_value_is_refused_with_goes_up);
	tcase_add_test(tcase, a_command_without_options_knows_help_all_the_same);
	tcase_add_test(tcase, the_exit_status_says_who_was_wrong_and_the_line_is_logged_once);
	tcase_add_test(tcase, after_the_help_nothing_is_logged);
	tcase = harness_case(suite, "help");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, help_is_answered_with_every_option_and_its_default);
	tcase_add_test(tcase, help_ends_the_parsing);
	return harness_run(suite);
}
