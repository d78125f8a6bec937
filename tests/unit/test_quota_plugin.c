/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of pluginhost/plugin: what a plugin sends for a guest counts against the quota of that guest's process,
 * and PID 1's messages have a part of their own.
 */
#include <errno.h>

#include "base/log.h"
#include "harness.h"
#include "harness_loop.h"
#include "harness_stderr.h"
#include "pluginhost/plugin_list.h"

#define NOW  UINT64_C(1000000000)
#define OPEN (QUOTA_BURST - QUOTA_RESERVE)
#define MANY (QUOTA_BURST + 10)

static struct loop loop;
static struct outbox outbox;
static struct plugin_list list;
static struct plugin plugin;
static struct delivery delivery;
static const struct vsn_host *host;

/* What the plugin says of a message, how often it was asked, and what it was given. */
static enum vsn_verdict verdict;
static unsigned peeks;
static struct vsn_message last;

static int open_plugin(const struct vsn_host *given, void **user)
{
	(void)user;
	host = given;
	return 0;
}

static int peek(void *user, const char *text, size_t length)
{
	(void)user;
	ck_assert_int_eq(text[length], '\0');
	peeks++;
	return (int)verdict;
}

static int send_progress(void *user, const struct vsn_message *got)
{
	(void)user;
	last = *got;
	return host->send(host, VSN_SEND_PROGRESS, got->text, got->length);
}

static void teardown(void)
{
	outbox_deinit(&outbox);
	loop_deinit(&loop);
}

/* Without a service manager, so that only the quota counts. The plugin is called for a message of process 7. */
static void setup(void)
{
	log_set_level(0);
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(outbox_init(&outbox, &loop, NULL), 0);
	plugin = (struct plugin){
		.calls = {.name = "quota",
	                  .open = open_plugin,
	                  .peek = peek,
	                  .message = send_progress},
		.list = &list,
	};
	list = (struct plugin_list){.first = &plugin};
	ck_assert_int_eq(plugin_open(&plugin, &loop, &outbox, NULL), 0);
	delivery = (struct delivery){
		.id = 1,
		.now_usec = NOW,
		.text = "STATUS=x",
		.length = 8,
		.pid = 7,
	};
	plugin_enter(&plugin, &delivery);
}

static int send_class(int class)
{
	return host->send(host, class, "STATUS=x", 8);
}

/* How many of so many are taken; the others fail as the ABI says. */
static unsigned send_many(unsigned tries)
{
	unsigned sent = 0;

	for (unsigned i = 0; i < tries; i++) {
		int r = send_class(VSN_SEND_PROGRESS);

		ck_assert(r == 0 || r == -ENOBUFS);
		sent += r == 0;
	}
	return sent;
}

START_TEST(progress_of_a_process_is_bounded_and_what_is_over_is_counted)
{
	uint64_t delivered = outbox.delivered;

	ck_assert_uint_eq(send_many(OPEN), OPEN);
	ck_assert_uint_eq(list.quota.exceeded, 0);
	ck_assert_uint_eq(send_many(100), 0);
	ck_assert_uint_eq(list.quota.exceeded, 100);
	ck_assert_uint_eq(outbox.delivered - delivered, 0);
	delivery.now_usec += QUOTA_INTERVAL_USEC;
	ck_assert_uint_eq(send_many(3), 1);
}
END_TEST

static const enum vsn_verdict of_pid_1[] = {VSN_VERDICT_BRIEF, VSN_VERDICT_BYTE};

START_TEST(of_pid_1_the_reserve_is_given_too)
{
	delivery.verdict = of_pid_1[_i];
	ck_assert_uint_eq(send_many(OPEN), OPEN);
	ck_assert_uint_eq(send_many(2100), QUOTA_RESERVE);
	ck_assert_uint_eq(peeks, 0);
	ck_assert_uint_eq(list.quota.exceeded, 2100 - QUOTA_RESERVE);
}
END_TEST

static const enum vsn_verdict others[] = {VSN_VERDICT_NONE, VSN_VERDICT_PATIENT,
                                          VSN_VERDICT_COMPLETE};

START_TEST(of_others_it_is_not)
{
	delivery.verdict = others[_i];
	ck_assert_uint_eq(send_many(MANY), OPEN);
}
END_TEST

START_TEST(changes_of_state_are_not_counted)
{
	for (unsigned i = 0; i < MANY; i++)
		ck_assert_int_eq(send_class(VSN_SEND_STATE), 0);
	ck_assert_uint_eq(send_many(MANY), OPEN);
	ck_assert_int_eq(send_class(VSN_SEND_STATE), 0);
	/* A class that this shim does not know is no progress. */
	ck_assert_int_eq(send_class(99), 0);
	ck_assert_uint_eq(list.quota.exceeded, MANY - OPEN);
}
END_TEST

START_TEST(another_process_has_its_own)
{
	send_many(MANY);
	delivery.pid = 8;
	ck_assert_uint_eq(send_many(MANY), OPEN);
	delivery.pid = -1;
	ck_assert_uint_gt(send_many(10), 0);
}
END_TEST

/* From a timer or an event: no guest speaks. */
START_TEST(what_no_guest_brings_about_is_not_counted)
{
	plugin_leave(&plugin);
	plugin_enter(&plugin, NULL);
	ck_assert_uint_eq(send_many(MANY), MANY);
	plugin_leave(&plugin);
	plugin_enter(&plugin, &delivery);
	ck_assert_uint_eq(send_many(MANY), OPEN);
	plugin_leave(&plugin);
	ck_assert_uint_eq(send_many(1), 1);
}
END_TEST

START_TEST(a_message_counts_for_its_process_while_it_is_handed_out)
{
	plugin_leave(&plugin);
	delivery = (struct delivery){
		.id = 3, .pid = 4711, .uid = 5, .port = 6, .text = "STATUS=x", .length = 8};
	plugin_list_message(&list, &delivery);
	ck_assert_ptr_null(plugin.delivery);
	ck_assert_int_eq(list.quota.processes[0].pid, 4711);
	ck_assert_uint_ne(list.quota.processes[0].rate.arrival_usec, 0);
	ck_assert_uint_eq(list.quota.processes[1].last_usec, 0);
	/* and the plugin is told who spoke */
	ck_assert(VSN_MESSAGE_HAS(&last, source_port));
	ck_assert_uint_eq(last.id, 3);
	ck_assert_int_eq(last.peer_pid, 4711);
	ck_assert_uint_eq(last.peer_uid, 5);
	ck_assert_uint_eq(last.source_port, 6);
	ck_assert_uint_eq(last.now_usec, delivery.now_usec);
}
END_TEST

/* Whose message it is, the plugins are asked once: when the connection has not asked them already. */
START_TEST(whose_message_it_is_is_asked_once)
{
	plugin_leave(&plugin);
	verdict = VSN_VERDICT_BRIEF;
	delivery.judged = _i == 1;
	plugin_list_message(&list, &delivery);
	ck_assert_uint_eq(peeks, _i == 1 ? 0 : 1);
	ck_assert_int_eq(delivery.verdict, _i == 1 ? VSN_VERDICT_NONE : VSN_VERDICT_BRIEF);
	ck_assert(delivery.judged);
	plugin_list_message(&list, &delivery);
	ck_assert_uint_eq(peeks, _i == 1 ? 0 : 1);
}
END_TEST

START_TEST(what_is_over_is_logged_with_its_process_and_number)
{
	const char *text;

	harness_stderr();
	log_set_level(VSN_LOG_WARNING);
	send_many(OPEN);
	ck_assert_str_eq(written(), "");
	send_many(2);
	text = written();
	ck_assert_msg(strstr(text, "process 7 ") && strstr(text, ": 1 message") &&
	                      strstr(text, ": 2 message"),
	              "%s", text);
	harness_stderr_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("quota_plugin");
	TCase *tcase = harness_case(suite, "send");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, progress_of_a_process_is_bounded_and_what_is_over_is_counted);
	tcase_add_loop_test(tcase, of_pid_1_the_reserve_is_given_too, 0, 2);
	tcase_add_loop_test(tcase, of_others_it_is_not, 0,
	                    (int)(sizeof(others) / sizeof(others[0])));
	tcase_add_test(tcase, changes_of_state_are_not_counted);
	tcase_add_test(tcase, another_process_has_its_own);
	tcase_add_test(tcase, what_no_guest_brings_about_is_not_counted);
	tcase_add_test(tcase, a_message_counts_for_its_process_while_it_is_handed_out);
	tcase_add_loop_test(tcase, whose_message_it_is_is_asked_once, 0, 2);
	tcase_add_test(tcase, what_is_over_is_logged_with_its_process_and_number);
	return harness_run(suite);
}
