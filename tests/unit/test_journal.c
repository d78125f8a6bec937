/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/journal: the encoding, read back by the protocol's own rule; sending; the log's use of it. */
#include "base/journal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <linux/sockios.h>

#include "base/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_stderr.h"

#define HEAD      "MESSAGE=m\nPRIORITY=6\nSYSLOG_IDENTIFIER=vsock-notify\n"
#define HEAD_VM   HEAD "VSOCK_NOTIFY_VM=web\n"
#define VALUE_MAX 65536

static char *folder;
static char path[512];
static int journald = -1;

static void setup(void)
{
	struct address address;

	folder = harness_folder();
	snprintf(path, sizeof(path), "%s", harness_path(folder, "socket"));
	address = harness_address(path);
	journald = harness_host(&address);
	harness_stderr();
}

static void teardown(void)
{
	journal_close();
	close(journald);
	harness_stderr_close();
	harness_remove(folder);
}

/* The datagram that an entry is. Returns its length. */
static size_t flat(const struct journal_entry *entry, char *out)
{
	size_t used = 0;

	for (unsigned i = 0; i < entry->part_count; i++) {
		memcpy(out + used, entry->parts[i].iov_base, entry->parts[i].iov_len);
		used += entry->parts[i].iov_len;
	}
	return used;
}

/* Reads the field at *at as journald does. Returns its value. */
static const char *read_field(const char **at, const char *end, char *name, size_t *length)
{
	const char *newline = memchr(*at, '\n', (size_t)(end - *at));
	const char *equals, *value;

	ck_assert_ptr_nonnull(newline);
	equals = memchr(*at, '=', (size_t)(newline - *at));
	if (equals) {
		value = equals + 1;
		*length = (size_t)(newline - value);
	} else {
		equals = newline;
		ck_assert_int_ge(end - newline, 1 + 8);
		*length = 0;
		for (int i = 7; i >= 0; i--)
			*length = *length << 8 | (unsigned char)newline[1 + i];
		value = newline + 1 + 8;
		ck_assert_uint_lt(*length, (size_t)(end - value));
		ck_assert_int_eq(value[*length], '\n');
	}
	snprintf(name, 64, "%.*s", (int)(equals - *at), *at);
	*at = value + *length + 1;
	return value;
}

static const struct {
	const char *value;
	size_t length;
	const char *datagram;
	size_t datagram_length;
} encodings[] = {
	{"v", 1, "N=v\n", 4},
	{"", 0, "N=\n", 3},
	{"a=b=", 4, "N=a=b=\n", 7},
	{"\xff\x01 \t", 4, "N=\xff\x01 \t\n", 7},
	{"a\0b", 3, "N=a\0b\n", 6},
	{"\n", 1, "N\n\1\0\0\0\0\0\0\0\n\n", 12},
	{"a\nMESSAGE=b", 11, "N\n\v\0\0\0\0\0\0\0a\nMESSAGE=b\n", 22},
};

START_TEST(a_value_is_a_line_or_has_its_length)
{
	const struct journal_field field = {"N=", encodings[_i].value, encodings[_i].length};
	struct journal_entry entry;
	char out[64];

	journal_entry_init(&entry);
	journal_add(&entry, &field);
	ck_assert_uint_eq(flat(&entry, out), encodings[_i].datagram_length);
	ck_assert_mem_eq(out, encodings[_i].datagram, encodings[_i].datagram_length);
}
END_TEST

START_TEST(any_bytes_come_back_as_they_went_and_no_field_comes_of_them)
{
	static char value[VALUE_MAX], out[2 * VALUE_MAX];
	const char *at = out, *end, *got;
	struct journal_entry entry;
	char name[64];
	size_t length = (size_t)1 << _i;

	srandom((unsigned)_i);
	for (size_t i = 0; i < length; i++)
		value[i] = (char)random();
	if (length >= 512)
		for (int byte = 0; byte < 256; byte++)
			value[byte] = (char)byte;
	journal_entry_init(&entry);
	journal_add(&entry, &(struct journal_field){"A=", "1", 1});
	journal_add(&entry, &(struct journal_field){"HOSTILE=", value, length});
	journal_add(&entry, &(struct journal_field){"Z=", "2", 1});
	end = out + flat(&entry, out);
	ck_assert_mem_eq(read_field(&at, end, name, &length), "1", 1);
	got = read_field(&at, end, name, &length);
	ck_assert_str_eq(name, "HOSTILE");
	ck_assert_uint_eq(length, (size_t)1 << _i);
	ck_assert_mem_eq(got, value, length);
	ck_assert_mem_eq(read_field(&at, end, name, &length), "2", 1);
	ck_assert_str_eq(name, "Z");
	ck_assert_ptr_eq(at, end);
}
END_TEST

START_TEST(fields_that_there_is_no_room_for_are_left_out)
{
	struct journal_entry entry;
	char out[16 * JOURNAL_FIELDS_MAX];

	journal_entry_init(&entry);
	for (int i = 0; i < JOURNAL_FIELDS_MAX + 3; i++)
		journal_add(&entry, &(struct journal_field){"N=", "\n", 1});
	ck_assert_uint_eq(flat(&entry, out), 12 * JOURNAL_FIELDS_MAX);
}
END_TEST

static const struct {
	const char *text;
	size_t size;
	const char *clean;
} cleanings[] = {
	{"basic.target", 64, "basic.target"},
	{"a\nMESSAGE=b\x1b[2J\\", 64, "a\\x0aMESSAGE=b\\x1b[2J\\x5c"},
	{"w\xc3\xbc\xff\xc3", 64, "w\xc3\xbc\\xff\\xc3"},
	{"abcd", 4, "abc"},
	{"ab\xc3\xbc", 4, "ab"},
	{"a\n", 5, "a"},
	{"a\n", 6, "a\\x0a"},
	{"", 1, ""},
	{"a", 1, ""},
};

START_TEST(what_is_not_text_is_escaped_and_cut_between_characters)
{
	char out[64];

	memset(out, 'x', sizeof(out));
	journal_clean(out, cleanings[_i].size, cleanings[_i].text, strlen(cleanings[_i].text));
	ck_assert_str_eq(out, cleanings[_i].clean);
}
END_TEST

START_TEST(an_entry_is_one_datagram)
{
	const struct journal_field fields[] = {{"A=", "1", 1}, {"B=", "2", 1}};

	ck_assert_int_lt(journal_fd(), 0);
	ck_assert_int_eq(journal_open(path, "web"), 0);
	ck_assert_int_ge(journal_fd(), 0);
	ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, fields, 2), 0);
	ck_assert_str_eq(harness_read(journald, NULL), HEAD_VM "A=1\nB=2\n");
	ck_assert_int_eq(journal_open(path, ""), 0);
	ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, NULL, 0), 0);
	ck_assert_str_eq(harness_read(journald, NULL), HEAD);
	ck_assert_int_eq(journal_open(path, "w\ne"), 0);
	journal_send(VSN_LOG_INFO, "m", 1, NULL, 0);
	ck_assert_str_eq(harness_read(journald, NULL), HEAD "VSOCK_NOTIFY_VM=w\\x0ae\n");
}
END_TEST

START_TEST(a_socket_that_was_made_anew_is_found)
{
	struct address address = harness_address(path);

	journal_open(path, "");
	close(journald);
	ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, NULL, 0), -ECONNREFUSED);
	unlink(path);
	ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, NULL, 0), -ENOENT);
	journald = harness_host(&address);
	ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, NULL, 0), 0);
	ck_assert_str_eq(harness_read(journald, NULL), HEAD);
}
END_TEST

static void *read_later(void *unused)
{
	struct pollfd one = {.fd = journald, .events = POLLIN};

	(void)unused;
	while (poll(&one, 1, 100) == 1)
		ck_assert_ptr_nonnull(strstr(harness_read(journald, NULL), "MESSAGE=m\n"));
	return NULL;
}

START_TEST(it_is_waited_for_until_all_has_been_read)
{
	pthread_t thread;
	int left = -1;
	int fd;

	journal_open(path, "web");
	for (int i = 0; i < _i; i++)
		ck_assert_int_eq(journal_send(VSN_LOG_INFO, "m", 1, NULL, 0), 0);
	fd = dup(journal_fd());
	ck_assert_int_eq(pthread_create(&thread, NULL, read_later, NULL), 0);
	journal_finish(60000);
	ck_assert_int_eq(ioctl(fd, SIOCOUTQ, &left), 0);
	ck_assert_int_eq(left, 0);
	ck_assert_int_lt(journal_fd(), 0);
	pthread_join(thread, NULL);
	close(fd);
}
END_TEST

START_TEST(it_is_not_waited_for_for_ever)
{
	journal_finish(60000);
	journal_open(path, "web");
	journal_send(VSN_LOG_INFO, "m", 1, NULL, 0);
	journal_finish(1);
	ck_assert_int_lt(journal_fd(), 0);
}
END_TEST

/* --- the log */

START_TEST(a_line_is_an_entry_and_an_error_is_not)
{
	journal_open(path, "web");
	log_info("%s", "m");
	ck_assert_str_eq(harness_read(journald, NULL), HEAD_VM);
	log_warning("a\nPRIORITY=0");
	ck_assert_str_eq(harness_read(journald, NULL),
	                 "MESSAGE=a\\nPRIORITY=0\nPRIORITY=4\nSYSLOG_IDENTIFIER=vsock-notify\n"
	                 "VSOCK_NOTIFY_VM=web\n");
	ck_assert_str_eq(written(), "");
	log_error("e");
	ck_assert_str_eq(harness_read(journald, NULL), "");
	ck_assert_str_eq(written(), "vsock-notify: e\n");
}
END_TEST

START_TEST(without_a_journal_an_entry_is_a_line)
{
	struct stat status;
	char stream[64];

	ck_assert_int_eq(fstat(STDERR_FILENO, &status), 0);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)status.st_dev,
	         (unsigned long long)status.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_open();
	journal_open(path, "web");
	unlink(path);
	log_info("i");
	ck_assert_str_eq(written(), "<6>i\n");
	journal_close();
	log_info("j");
	ck_assert_str_eq(written(), "<6>j\n");
}
END_TEST

START_TEST(where_standard_error_is_not_the_journal_none_is_asked_for)
{
	unsetenv("JOURNAL_STREAM");
	log_open();
	log_name_vm("web");
	ck_assert_int_lt(journal_fd(), 0);
}
END_TEST

START_TEST(a_journal_that_takes_none_costs_lines_and_they_are_counted)
{
	struct address address = harness_address(path);

	harness_fill(&address);
	journal_open(path, "");
	log_info("lost");
	log_info("lost");
	ck_assert_str_eq(written(), "");
	while (*harness_read(journald, NULL))
		;
	log_info("back");
	ck_assert_ptr_nonnull(strstr(harness_read(journald, NULL),
	                             "MESSAGE=(2 lines lost before this one) back\n"));
	log_info("m");
	ck_assert_str_eq(harness_read(journald, NULL), HEAD);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("journal");
	TCase *tcase = harness_case(suite, "encoding");

	tcase_add_loop_test(tcase, a_value_is_a_line_or_has_its_length, 0,
	                    sizeof(encodings) / sizeof(encodings[0]));
	tcase_add_loop_test(tcase, any_bytes_come_back_as_they_went_and_no_field_comes_of_them, 0,
	                    17);
	tcase_add_test(tcase, fields_that_there_is_no_room_for_are_left_out);
	tcase_add_loop_test(tcase, what_is_not_text_is_escaped_and_cut_between_characters, 0,
	                    sizeof(cleanings) / sizeof(cleanings[0]));
	tcase = harness_case(suite, "socket");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_entry_is_one_datagram);
	tcase_add_test(tcase, a_socket_that_was_made_anew_is_found);
	tcase_add_loop_test(tcase, it_is_waited_for_until_all_has_been_read, 0, 9);
	tcase_add_test(tcase, it_is_not_waited_for_for_ever);
	tcase_add_test(tcase, a_line_is_an_entry_and_an_error_is_not);
	tcase_add_test(tcase, without_a_journal_an_entry_is_a_line);
	tcase_add_test(tcase, where_standard_error_is_not_the_journal_none_is_asked_for);
	tcase_add_test(tcase, a_journal_that_takes_none_costs_lines_and_they_are_counted);
	return harness_run(suite);
}
