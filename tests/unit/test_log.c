/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/log: escaping, a call site's limit, the journal's form, a reader that has stopped. */
#include "base/log.h"

#include <errno.h>
#include <sys/stat.h>

#include "harness.h"
#include "harness_stderr.h"

#define PREFIX "vsock-notify: "

/* Standard error into a nonblocking pipe. */
static void setup(void)
{
	harness_stderr();
	unsetenv("JOURNAL_STREAM");
	log_open();
}

START_TEST(a_line_has_the_programs_name_and_one_newline)
{
	log_info("hello %d", 7);
	ck_assert_str_eq(written(), PREFIX "hello 7\n");
}
END_TEST

START_TEST(what_is_not_ascii_text_is_escaped)
{
	log_info("%s", "a\nb\tc\\d\x1b[2J\r\x7f\xc3\xbc\x80\xff~ ");
	ck_assert_str_eq(written(),
	                 PREFIX "a\\nb\\tc\\\\d\\x1b[2J\\x0d\\x7f\\xc3\\xbc\\x80\\xff~ \n");
}
END_TEST

START_TEST(every_byte_is_one_printable_line)
{
	for (int byte = 1; byte < 256; byte++) {
		char text[2] = {(char)byte, '\0'};
		const char *line;

		log_info("%s", text);
		line = written() + strlen(PREFIX);
		ck_assert_uint_ge(strlen(line), 2);
		for (; line[1]; line++)
			ck_assert(*line >= ' ' && *line <= '~');
		ck_assert_int_eq(*line, '\n');
	}
}
END_TEST

START_TEST(a_long_line_is_cut_to_what_a_pipe_takes_whole)
{
	static char text[8192];
	const char *line;

	memset(text, _i ? '\x01' : 'x', sizeof(text) - 1);
	log_info("%s", text);
	line = written();
	ck_assert_uint_gt(strlen(line), 2000);
	ck_assert_uint_le(strlen(line), 4096);
	ck_assert_int_eq(line[strlen(line) - 1], '\n');
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
}
END_TEST

START_TEST(levels_are_left_out_as_asked)
{
	log_debug("no");
	ck_assert_str_eq(written(), "");
	log_set_level(VSN_LOG_WARNING);
	log_info("no");
	log_warning("w");
	log_error("e");
	ck_assert_str_eq(written(), PREFIX "w\n" PREFIX "e\n");
	ck_assert(log_enabled(VSN_LOG_ERROR) && !log_enabled(VSN_LOG_INFO));
	log_set_level(VSN_LOG_DEBUG);
	log_debug("d");
	ck_assert_str_eq(written(), PREFIX "d\n");
}
END_TEST

START_TEST(errno_is_kept_and_can_be_said)
{
	errno = ENOENT;
	log_info("%m");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(written(), PREFIX "No such file or directory\n");
}
END_TEST

static void journal(unsigned long long device_more, unsigned long long inode_more)
{
	struct stat status;
	char text[64];

	ck_assert_int_eq(fstat(STDERR_FILENO, &status), 0);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)status.st_dev + device_more,
	         (unsigned long long)status.st_ino + inode_more);
	setenv("JOURNAL_STREAM", text, 1);
	log_open();
}

START_TEST(for_the_journal_a_line_begins_with_its_priority)
{
	journal(0, 0);
	log_error("e");
	log_info("i");
	ck_assert_str_eq(written(), "<3>e\n<6>i\n");
}
END_TEST

START_TEST(another_stream_than_the_journals_is_none)
{
	if (_i == 0)
		journal(1, 0);
	else if (_i == 1)
		journal(0, 1);
	else
		setenv("JOURNAL_STREAM", "rubbish", 1);
	log_open();
	log_info("i");
	ck_assert_str_eq(written(), PREFIX "i\n");
}
END_TEST

START_TEST(a_reader_that_has_stopped_costs_lines_and_they_are_counted)
{
	char filler[4096];

	memset(filler, '.', sizeof(filler));
	ck_assert_int_ge(fcntl(STDERR_FILENO, F_SETPIPE_SZ, 4096), 0);
	ck_assert_int_eq(write(STDERR_FILENO, filler, sizeof(filler)), sizeof(filler));
	log_info("lost");
	log_info("lost");
	log_info("lost");
	ck_assert_uint_eq(strlen(written()), sizeof(filler));
	log_info("back");
	ck_assert_str_eq(written(), PREFIX "(3 lines lost before this one) back\n");
	log_info("again");
	ck_assert_str_eq(written(), PREFIX "again\n");
}
END_TEST

START_TEST(a_burst_passes_then_one_line_each_interval_and_the_rest_is_counted)
{
	struct log_limit limit = {0};
	uint64_t start = 1000;
	uint32_t left_out = 99;

	for (int i = 0; i < LOG_BURST; i++) {
		ck_assert(log_limit_pass(&limit, start, &left_out));
		ck_assert_uint_eq(left_out, 0);
	}
	for (int i = 0; i < 3; i++)
		ck_assert(!log_limit_pass(&limit, start + LOG_INTERVAL_USEC - 1, &left_out));
	ck_assert(log_limit_pass(&limit, start + LOG_INTERVAL_USEC, &left_out));
	ck_assert_uint_eq(left_out, 3);
	ck_assert(!log_limit_pass(&limit, start + LOG_INTERVAL_USEC, &left_out));
	ck_assert(log_limit_pass(&limit, start + 3 * LOG_INTERVAL_USEC, &left_out));
	ck_assert_uint_eq(left_out, 1);
	ck_assert(log_limit_pass(&limit, start + 3 * LOG_INTERVAL_USEC, &left_out));
	ck_assert(!log_limit_pass(&limit, start + 3 * LOG_INTERVAL_USEC, &left_out));
}
END_TEST

START_TEST(a_limited_line_says_how_many_like_it_were_left_out)
{
	struct log_limit limit = {0};
	char line[64];
	const char *text;

	for (int i = 0; i < LOG_BURST + 5; i++)
		log_line_limited(&limit, VSN_LOG_INFO, "line %d", i);
	text = written();
	snprintf(line, sizeof(line), PREFIX "line %d\n", LOG_BURST - 1);
	ck_assert_ptr_nonnull(strstr(text, line));
	snprintf(line, sizeof(line), PREFIX "line %d\n", LOG_BURST);
	ck_assert_ptr_null(strstr(text, line));
	limit.rate.arrival_usec = 0;
	log_line_limited(&limit, VSN_LOG_INFO, "next %s", "\n");
	ck_assert_str_eq(written(), PREFIX "5 more lines like the next one were left out\n" PREFIX
	                                   "next \\n\n");
}
END_TEST

START_TEST(a_line_that_is_not_enabled_does_not_count)
{
	struct log_limit limit = {0};

	log_line_limited(&limit, VSN_LOG_DEBUG, "no");
	ck_assert_uint_eq(limit.rate.arrival_usec, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = harness_case(suite, "lines");

	tcase_add_checked_fixture(tcase, setup, harness_stderr_close);
	tcase_add_test(tcase, a_line_has_the_programs_name_and_one_newline);
	tcase_add_test(tcase, what_is_not_ascii_text_is_escaped);
	tcase_add_test(tcase, every_byte_is_one_printable_line);
	tcase_add_loop_test(tcase, a_long_line_is_cut_to_what_a_pipe_takes_whole, 0, 2);
	tcase_add_test(tcase, levels_are_left_out_as_asked);
	tcase_add_test(tcase, errno_is_kept_and_can_be_said);
	tcase_add_test(tcase, for_the_journal_a_line_begins_with_its_priority);
	tcase_add_loop_test(tcase, another_stream_than_the_journals_is_none, 0, 3);
	tcase_add_test(tcase, a_reader_that_has_stopped_costs_lines_and_they_are_counted);
	tcase = harness_case(suite, "limit");
	tcase_add_checked_fixture(tcase, setup, harness_stderr_close);
	tcase_add_test(tcase, a_burst_passes_then_one_line_each_interval_and_the_rest_is_counted);
	tcase_add_test(tcase, a_limited_line_says_how_many_like_it_were_left_out);
	tcase_add_test(tcase, a_line_that_is_not_enabled_does_not_count);
	return harness_run(suite);
}
