/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/power_button against a fake API socket: what it is asked, and every way to answer. */
#include "run/power_button.h"

#include <errno.h>

#include "base/clock.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static char *folder;
static char path[512];
static int listener;
static struct loop loop;
static struct power_button button;
static int answers;
static bool pressed;

static void note(struct power_button *from, bool good)
{
	ck_assert_ptr_eq(from, &button);
	/* Nothing of it is left, so that it can be pressed again from here. */
	ck_assert_int_eq(from->fd, -1);
	answers++;
	pressed = good;
}

static int listen_at(const char *where, int backlog)
{
	struct address address = harness_address(where);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(bind(fd, &address.any, address.length), 0);
	ck_assert_int_eq(listen(fd, backlog), 0);
	return fd;
}

static void setup(void)
{
	folder = harness_folder();
	snprintf(path, sizeof(path), "%s", harness_path(folder, "api"));
	listener = listen_at(path, 8);
	ck_assert_int_eq(loop_init(&loop), 0);
	power_button_init(&button, &loop);
	button.answer = note;
}

static void teardown(void)
{
	power_button_deinit(&button);
	loop_deinit(&loop);
	close(listener);
	harness_remove(folder);
}

/* Presses it and takes the request. Returns the VMM's end of the connection. */
static int press(void)
{
	char request[512] = "";
	int fd;

	ck_assert_int_eq(power_button_press(&button, path), 0);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(read(fd, request, sizeof(request) - 1), 0);
	ck_assert_str_eq(request, "PUT /api/v1/vm.power-button HTTP/1.1\r\n"
	                          "Host: localhost\r\n"
	                          "Content-Length: 0\r\n"
	                          "\r\n");
	return fd;
}

static void reply(int fd, const char *text)
{
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	harness_settle(&loop);
}

static const struct {
	const char *text;
	bool good;
} replies[] = {
	/* As cloud-hypervisor 53 answers. */
	{"HTTP/1.1 204 \r\nServer: Cloud Hypervisor API\r\nConnection: keep-alive\r\n\r\n", true},
	{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
	{"HTTP/1.0 200 OK\r\n\r\n", true},
	{"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", false},
	{"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 22\r\n\r\n", false},
	{"HTTP/1.1 302 2\r\n\r\n", false},
	{"HTTP/1.1 400 \r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\nHTTP/1.1 204",
         false},
	{"HTTP/2 204\r\n", false},
	{"HTTP/1.1  204\r\n", false},
	{"HTTP/1.1 2\r\n", false},
	{"HTTP/1.1 20\r\n", false},
	{"HTTP/1.1 2x4\r\n", false},
	/* fuzz_vmm_event: what scanf(3) takes for a number is no status */
	{"HTTP/1.1 2+4\r\n", false},
	{"HTTP/1.1 2-1\r\n", false},
	{"HTTP/1.1 2 4\r\n", false},
	{"HTTP/1.+ 204\r\n", false},
	{"204\r\n", false},
	{"\r\n", false},
	{"2222222222222222222222222222222222222222222222222222222222222222222222222222", false},
};

START_TEST(a_status_line_is_good_or_not)
{
	ck_assert_msg(power_button_reply_is_good(replies[_i].text) == replies[_i].good, "%s",
	              replies[_i].text);
}
END_TEST

START_TEST(nothing_is_not_good)
{
	ck_assert(!power_button_reply_is_good(""));
	ck_assert(!power_button_reply_is_good("HTTP/1.1"));
	ck_assert(!power_button_reply_is_good("HTTP/1.1 "));
}
END_TEST

START_TEST(an_answer_is_heard)
{
	int fd = press();

	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	reply(fd, replies[_i].text);
	ck_assert_int_eq(answers, 1);
	ck_assert_int_eq(pressed, replies[_i].good);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
	close(fd);
}
END_TEST

START_TEST(an_answer_may_come_byte_by_byte)
{
	static const char text[] = "HTTP/1.1 204 \r\n";
	int fd = press();

	for (const char *at = text; *at; at++) {
		ck_assert_int_eq(answers, 0);
		reply(fd, (const char[]){*at, '\0'});
	}
	ck_assert_int_eq(answers, 1);
	ck_assert(pressed);
	close(fd);
}
END_TEST

START_TEST(a_closed_connection_is_a_no)
{
	close(press());
	harness_settle(&loop);
	ck_assert_int_eq(answers, 1);
	ck_assert(!pressed);
}
END_TEST

START_TEST(half_a_status_line_and_a_close_is_a_no)
{
	int fd = press();

	reply(fd, "HTTP/1.1 20");
	ck_assert_int_eq(answers, 0);
	close(fd);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 1);
	ck_assert(!pressed);
}
END_TEST

START_TEST(silence_is_a_no_after_a_while)
{
	uint64_t before = now_usec();
	int fd = press();

	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	ck_assert_uint_ge(harness_deadline(&loop), before + POWER_BUTTON_USEC);
	harness_fire(&loop, 0);
	ck_assert_int_eq(answers, 1);
	ck_assert(!pressed);
	/* What comes afterwards comes to nobody. */
	ck_assert_int_lt(send(fd, "HTTP/1.1 204 \r\n", 15, MSG_NOSIGNAL), 0);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 1);
	close(fd);
}
END_TEST

START_TEST(without_a_listener_it_is_said_at_once)
{
	close(listener);
	ck_assert_int_eq(power_button_press(&button, path), -ECONNREFUSED);
	ck_assert_int_eq(power_button_press(&button, harness_path(folder, "none")), -ENOENT);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	ck_assert_int_eq(button.fd, -1);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}
END_TEST

START_TEST(a_path_that_is_none_is_refused)
{
	char longest[256];

	memset(longest, 'n', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	ck_assert_int_lt(power_button_press(&button, longest), 0);
	ck_assert_int_lt(power_button_press(&button, ""), 0);
	ck_assert_int_eq(button.fd, -1);
}
END_TEST

START_TEST(a_full_backlog_does_not_block)
{
	const char *full = harness_path(folder, "full");
	struct address address = harness_address(full);
	int server = listen_at(full, 0), clients[8], count = 0;

	do {
		clients[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	} while (connect(clients[count++], &address.any, address.length) == 0 && count < 8);
	ck_assert_int_eq(power_button_press(&button, full), -EAGAIN);
	ck_assert_int_eq(button.fd, -1);
	while (count--)
		close(clients[count]);
	close(server);
}
END_TEST

START_TEST(pressed_again_it_answers_once)
{
	int first = press(), second = press();

	ck_assert_int_lt(send(first, "HTTP/1.1 404 \r\n", 15, MSG_NOSIGNAL), 0);
	reply(second, "HTTP/1.1 204 \r\n");
	ck_assert_int_eq(answers, 1);
	ck_assert(pressed);
	close(first);
	close(second);
}
END_TEST

START_TEST(nothing_stays_when_it_is_given_up)
{
	unsigned before = harness_open_fds();
	int fd = press();

	power_button_deinit(&button);
	close(fd);
	ck_assert_uint_eq(harness_open_fds(), before);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("power_button");
	TCase *tcase = harness_case(suite, "api");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_status_line_is_good_or_not, 0, COUNT(replies));
	tcase_add_test(tcase, nothing_is_not_good);
	tcase_add_loop_test(tcase, an_answer_is_heard, 0, COUNT(replies));
	tcase_add_test(tcase, an_answer_may_come_byte_by_byte);
	tcase_add_test(tcase, a_closed_connection_is_a_no);
	tcase_add_test(tcase, half_a_status_line_and_a_close_is_a_no);
	tcase_add_test(tcase, silence_is_a_no_after_a_while);
	tcase_add_test(tcase, without_a_listener_it_is_said_at_once);
	tcase_add_test(tcase, a_path_that_is_none_is_refused);
	tcase_add_test(tcase, a_full_backlog_does_not_block);
	tcase_add_test(tcase, pressed_again_it_answers_once);
	tcase_add_test(tcase, nothing_stays_when_it_is_given_up);
	return harness_run(suite);
}
