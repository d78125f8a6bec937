/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of pluginhost/plugin: what a plugin sends for a guest counts against the quota of that guest's process,
 * and whose message is PID 1's is asked only when it matters.
 */
#include <errno.h>

#include "connection_fixture.h"
#include "harness_stderr.h"

#define NOW  UINT64_C(1000000000)
#define OPEN (QUOTA_BURST - QUOTA_RESERVE)
#define MANY (QUOTA_BURST + 10)

static struct plugin_list list;
static struct plugin plugin;
static struct vsn_message message;
static const struct vsn_host *host;

static int open_plugin(const struct vsn_host *given, void **user)
{
	(void)user;
	host = given;
	return 0;
}

static int send_progress(void *user, const struct vsn_message *got)
{
	(void)user;
	return host->send(host, VSN_SEND_PROGRESS, got->text, got->length);
}

/* Without a service manager, so that only the quota counts. A message of process 7 is being handed out. */
static void setup(void)
{
	fixture_setup();
	outbox_deinit(&outbox);
	ck_assert_int_eq(outbox_init(&outbox, &loop, NULL), 0);
	plugin = (struct plugin){
		.calls = {.name = "quota",
	                  .open = open_plugin,
	                  .peek = fixture_peek,
	                  .message = send_progress},
		.list = &list,
		.over_quota = plugin_list_over_quota,
	};
	list = (struct plugin_list){.first = &plugin};
	ck_assert_int_eq(plugin_open(&plugin, &loop, &outbox), 0);
	message = (struct vsn_message){
		.struct_size = sizeof(message),
		.id = 1,
		.now_usec = NOW,
		.text = "STATUS=x",
		.length = 8,
		.peer_pid = 7,
	};
	list.message = &message;
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
	ck_assert_uint_eq(peeks, 0);
	ck_assert_uint_eq(list.quota.exceeded, 0);
	ck_assert_uint_eq(send_many(100), 0);
	ck_assert_uint_eq(list.quota.exceeded, 100);
	ck_assert_uint_eq(outbox.delivered - delivered, 0);
	message.now_usec += QUOTA_INTERVAL_USEC;
	ck_assert_uint_eq(send_many(3), 1);
}
END_TEST

START_TEST(of_pid_1_the_reserve_is_given_too)
{
	verdict = VSN_VERDICT_BRIEF;
	ck_assert_uint_eq(send_many(OPEN), OPEN);
	ck_assert_uint_eq(peeks, 0);
	ck_assert_uint_eq(send_many(2100), QUOTA_RESERVE);
	ck_assert_uint_eq(peeks, 2100);
	ck_assert_uint_eq(list.quota.exceeded, 2100 - QUOTA_RESERVE);
}
END_TEST

static const enum vsn_verdict others[] = {VSN_VERDICT_NONE, VSN_VERDICT_PATIENT,
                                          VSN_VERDICT_COMPLETE};

START_TEST(of_others_it_is_not)
{
	verdict = others[_i];
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
	message.peer_pid = 8;
	ck_assert_uint_eq(send_many(MANY), OPEN);
	message.peer_pid = -1;
	ck_assert_uint_gt(send_many(10), 0);
}
END_TEST

/* From a timer or an event: no guest speaks. */
START_TEST(what_no_guest_brings_about_is_not_counted)
{
	list.message = NULL;
	ck_assert_uint_eq(send_many(MANY), MANY);
	list.message = &message;
	ck_assert_uint_eq(send_many(MANY), OPEN);
	list.message = NULL;
	ck_assert_uint_eq(send_many(1), 1);
}
END_TEST

START_TEST(a_message_counts_for_its_process_while_it_is_handed_out)
{
	const struct peer peer = {.pid = 4711, .uid = 5, .port = 6};

	list.message = NULL;
	plugin_list_message(&list, 1, &peer, "STATUS=x", 8);
	ck_assert_ptr_null(list.message);
	ck_assert_int_eq(list.quota.processes[0].pid, 4711);
	ck_assert_uint_ne(list.quota.processes[0].rate.arrival_usec, 0);
	ck_assert_uint_eq(list.quota.processes[1].last_usec, 0);
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

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase, progress_of_a_process_is_bounded_and_what_is_over_is_counted);
	tcase_add_test(tcase, of_pid_1_the_reserve_is_given_too);
	tcase_add_loop_test(tcase, of_others_it_is_not, 0,
	                    (int)(sizeof(others) / sizeof(others[0])));
	tcase_add_test(tcase, changes_of_state_are_not_counted);
	tcase_add_test(tcase, another_process_has_its_own);
	tcase_add_test(tcase, what_no_guest_brings_about_is_not_counted);
	tcase_add_test(tcase, a_message_counts_for_its_process_while_it_is_handed_out);
	tcase_add_test(tcase, what_is_over_is_logged_with_its_process_and_number);
	return harness_run(suite);
}
