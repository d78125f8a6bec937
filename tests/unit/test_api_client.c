/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/api_client against a fake API socket: what it asks, and every way to answer or not to answer. */
#include "run/api_client.h"

#include <errno.h>

#include "base/clock.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

static char *folder;
static char path[512];
static int listener;
static struct loop loop;
static struct api_client client;
static int answers;
static enum api_result result;
static char words[256];

static void note(struct api_client *from, enum api_result with, const char *said)
{
	ck_assert_ptr_eq(from, &client);
	/* Nothing of it is left, so that it can be used again from here. */
	ck_assert_int_eq(from->fd, -1);
	answers++;
	result = with;
	snprintf(words, sizeof(words), "%s", said);
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
	api_client_init(&client, &loop);
	client.answer = note;
}

static void teardown(void)
{
	api_client_cancel(&client);
	loop_deinit(&loop);
	close(listener);
	harness_remove(folder);
}

/* Asks, and accepts the connection. Returns the VMM's end of it. */
static int ask(enum vmm_api api, bool resume)
{
	int fd;

	api_client_shut_down(&client, api, path, resume);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ck_assert_int_ge(fd, 0);
	return fd;
}

/* The request that has come, or "" if none has. */
static const char *request(int fd)
{
	static char text[512];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void reply(int fd, const char *text)
{
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	harness_settle(&loop);
}

static void answered(enum api_result with, const char *said)
{
	ck_assert_int_eq(answers, 1);
	ck_assert_int_eq(result, with);
	ck_assert_str_eq(words, said);
	ck_assert_uint_eq(harness_deadline(&loop), 0);
}

START_TEST(the_power_button_of_cloud_hypervisor_is_pressed)
{
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	ck_assert_str_eq(request(fd), "PUT /api/v1/vm.power-button HTTP/1.1\r\n"
	                              "Host: localhost\r\nContent-Length: 0\r\n\r\n");
	reply(fd, "HTTP/1.1 204 \r\nServer: Cloud Hypervisor API\r\n\r\n");
	answered(API_SHUTS_DOWN, "");
	close(fd);
}
END_TEST

/* Whether it was paused or not: only the button counts. */
START_TEST(a_paused_guest_is_resumed_first)
{
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, true);

	ck_assert_ptr_nonnull(strstr(request(fd), "PUT /api/v1/vm.resume "));
	reply(fd, _i == 0 ? "HTTP/1.1 204 \r\nServer: x\r\n\r\n"
	                  : "HTTP/1.1 500 \r\nContent-Length: 7\r\n\r\nrunning");
	ck_assert_ptr_nonnull(strstr(request(fd), "PUT /api/v1/vm.power-button "));
	ck_assert_int_eq(answers, 0);
	reply(fd, "HTTP/1.1 204 \r\n\r\n");
	answered(API_SHUTS_DOWN, "");
	close(fd);
}
END_TEST

START_TEST(firecracker_is_asked_for_its_keys)
{
	int fd = ask(VMM_API_FIRECRACKER, true);

	ck_assert_str_eq(request(fd), "PATCH /vm HTTP/1.1\r\nHost: localhost\r\n"
	                              "Content-Type: application/json\r\nContent-Length: 19\r\n\r\n"
	                              "{\"state\":\"Resumed\"}");
	reply(fd, "HTTP/1.1 204 \r\n\r\n");
	ck_assert_str_eq(request(fd), "PUT /actions HTTP/1.1\r\nHost: localhost\r\n"
	                              "Content-Type: application/json\r\nContent-Length: 32\r\n\r\n"
	                              "{\"action_type\":\"SendCtrlAltDel\"}");
	reply(fd, "HTTP/1.1 204 \r\n\r\n");
	answered(API_SHUTS_DOWN, "");
	close(fd);
}
END_TEST

START_TEST(qemu_speaks_first_and_tells_of_events_at_any_time)
{
	int fd = ask(VMM_API_QMP, true);

	ck_assert_str_eq(request(fd), "");
	reply(fd, "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n");
	ck_assert_str_eq(request(fd), "{\"execute\":\"qmp_capabilities\"}\n");
	reply(fd, "{\"return\": {}}\r\n");
	ck_assert_str_eq(request(fd), "{\"execute\":\"cont\"}\n");
	reply(fd, "{\"event\": \"RESUME\"}\r\n");
	ck_assert_str_eq(request(fd), "");
	reply(fd, "{\"return\": {}}\r\n");
	ck_assert_str_eq(request(fd), "{\"execute\":\"system_powerdown\"}\n");
	reply(fd,
	      "{\"event\": \"POWERDOWN\"}\r\n{\"return\": {}}\r\n{\"event\": \"SHUTDOWN\"}\r\n");
	answered(API_SHUTS_DOWN, "");
	close(fd);
}
END_TEST

static const struct {
	enum vmm_api api;
	const char *text;
	const char *words;
} refusals[] = {
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 404 "},
	{VMM_API_CLOUD_HYPERVISOR, "HTTP/1.1 500 \r\nContent-Length: 17\r\n\r\nThe VM is\r\nborked",
         "HTTP/1.1 500   Content-Length: 17    The VM is  borked"},
	{VMM_API_FIRECRACKER, "HTTP/1.1 400 \r\nContent-Length: 2\r\n\r\n{}",
         "HTTP/1.1 400   Content-Length: 2    {}"},
	{VMM_API_CLOUD_HYPERVISOR, "what?\r\n", "what?"},
	{VMM_API_QMP, "{\"error\": {\"class\": \"x\", \"desc\": \"no, thanks\"}}\n", "no, thanks"},
	{VMM_API_QMP, "what?\n", "what?"},
};

START_TEST(a_refusal_is_told_with_the_vmms_words)
{
	int fd = ask(refusals[_i].api, false);

	reply(fd, refusals[_i].text);
	answered(API_REFUSES, refusals[_i].words);
	close(fd);
}
END_TEST

START_TEST(an_answer_may_come_byte_by_byte)
{
	static const char text[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	for (const char *at = text; *at; at++) {
		ck_assert_int_eq(answers, 0);
		reply(fd, (const char[]){*at, '\0'});
	}
	answered(API_SHUTS_DOWN, "");
	close(fd);
}
END_TEST

START_TEST(a_connection_that_ends_is_no_refusal)
{
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	if (_i == 1)
		reply(fd, "HTTP/1.1 20");
	ck_assert_int_eq(answers, 0);
	close(fd);
	harness_settle(&loop);
	answered(API_HANGS_UP, "");
}
END_TEST

START_TEST(silence_is_no_answer)
{
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
	/* The caller bounds the wait. */
	ck_assert_uint_eq(harness_deadline(&loop), 0);
	close(fd);
}
END_TEST

START_TEST(an_answer_without_end_is_refused)
{
	char flood[2048];
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	memset(flood, 'x', sizeof(flood) - 1);
	flood[sizeof(flood) - 1] = '\0';
	for (int i = 0; i < 3 && answers == 0; i++)
		reply(fd, flood);
	answered(API_REFUSES, "its answer is too long");
	close(fd);
}
END_TEST

START_TEST(without_a_listener_it_is_told_at_once)
{
	static const enum api_result results[] = {API_REFUSES, API_HANGS_UP};
	char expected[600];

	if (_i == 0)
		unlink(path);
	else
		close(listener);
	api_client_shut_down(&client, VMM_API_CLOUD_HYPERVISOR, path, false);
	snprintf(expected, sizeof(expected), "%s: %s", path,
	         strerror(_i == 0 ? ENOENT : ECONNREFUSED));
	ck_assert_int_eq(strncmp(words, expected, sizeof(words) - 1), 0);
	answered(results[_i], words);
}
END_TEST

START_TEST(a_path_that_is_too_long_is_refused)
{
	char longest[256];

	memset(longest, 'n', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	api_client_shut_down(&client, VMM_API_CLOUD_HYPERVISOR, longest, false);
	ck_assert_int_eq(answers, 1);
	ck_assert_int_eq(result, API_REFUSES);
}
END_TEST

START_TEST(a_full_backlog_is_waited_for)
{
	const char *full = harness_path(folder, "full");
	struct address address = harness_address(full);
	int server = listen_at(full, 0), clients[8], count = 0, fd;

	do {
		clients[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	} while (connect(clients[count++], &address.any, address.length) == 0 && count < 8);
	api_client_shut_down(&client, VMM_API_CLOUD_HYPERVISOR, full, false);
	harness_fire(&loop, 0);
	ck_assert_int_eq(answers, 0);
	while (count--)
		close(clients[count]);
	while ((fd = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0)
		close(fd);
	harness_fire(&loop, 0);
	fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_ptr_nonnull(strstr(request(fd), "power-button"));
	reply(fd, "HTTP/1.1 204 \r\n\r\n");
	answered(API_SHUTS_DOWN, "");
	close(fd);
	close(server);
}
END_TEST

START_TEST(nothing_stays_when_it_is_cancelled)
{
	unsigned before = harness_open_fds();
	int fd = ask(VMM_API_CLOUD_HYPERVISOR, false);

	api_client_cancel(&client);
	close(fd);
	ck_assert_uint_eq(harness_open_fds(), before);
	harness_settle(&loop);
	ck_assert_int_eq(answers, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("api_client");
	TCase *tcase = harness_case(suite, "api");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_power_button_of_cloud_hypervisor_is_pressed);
	tcase_add_loop_test(tcase, a_paused_guest_is_resumed_first, 0, 2);
	tcase_add_test(tcase, firecracker_is_asked_for_its_keys);
	tcase_add_test(tcase, qemu_speaks_first_and_tells_of_events_at_any_time);
	tcase_add_loop_test(tcase, a_refusal_is_told_with_the_vmms_words, 0,
	                    (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(tcase, an_answer_may_come_byte_by_byte);
	tcase_add_loop_test(tcase, a_connection_that_ends_is_no_refusal, 0, 2);
	tcase_add_test(tcase, silence_is_no_answer);
	tcase_add_test(tcase, an_answer_without_end_is_refused);
	tcase_add_loop_test(tcase, without_a_listener_it_is_told_at_once, 0, 2);
	tcase_add_test(tcase, a_path_that_is_too_long_is_refused);
	tcase_add_test(tcase, a_full_backlog_is_waited_for);
	tcase_add_test(tcase, nothing_stays_when_it_is_cancelled);
	return harness_run(suite);
}
