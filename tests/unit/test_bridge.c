/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of bridge/bridge: a bridge from its listening socket to the service manager, with a plugin of this file in the place
 * of the notify plugin. How it ends, whose fault it is said to be when it cannot, and who is said to connect.
 */
#include "bridge/bridge.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"
#include "harness_stderr.h"
#include "pluginhost/plugin_load.h"

static struct loop loop;
static struct bridge bridge;
static struct bridge_options options;
static struct address host_address, listen_address;
static char *folder;
static int host_fd;

/* What happened, in order: "m" a message, "d" drained, "s" the plugin was stopped, "." the bridge has stopped. */
static char happened[64];
static int stop_result;
static int64_t process; /* of the last VM_PROCESS */
static unsigned processes;

static void note(const char *what)
{
	strncat(happened, what, sizeof(happened) - strlen(happened) - 1);
}

static int plugin_was_opened(const struct vsn_host *host, void **user)
{
	*user = (void *)(uintptr_t)host;
	return 0;
}

static int plugin_takes(void *user, const struct vsn_message *message)
{
	const struct vsn_host *host = user;

	note("m");
	return host->send(host, VSN_SEND_STATE, message->text, message->length);
}

static void plugin_was_stopped(void *user)
{
	(void)user;
	note("s");
}

static void plugin_was_closed(void *user)
{
	(void)user;
}

/* In the place of pluginhost/plugin_load.c's. */
int plugin_load(const char *name, struct plugin **plugin, struct failure *failure)
{
	(void)name;
	(void)failure;
	*plugin = calloc(1, sizeof(**plugin));
	ck_assert_ptr_nonnull(*plugin);
	(*plugin)->calls = (struct vsn_plugin){
		.name = "notify",
		.open = plugin_was_opened,
		.message = plugin_takes,
		.stop = plugin_was_stopped,
		.close = plugin_was_closed,
	};
	return 0;
}

void plugin_unload(struct plugin *plugin)
{
	free(plugin);
}

static void stopped(struct bridge *which, int result)
{
	ck_assert_ptr_eq(which, &bridge);
	note(".");
	stop_result = result;
}

static void drained(struct bridge *which)
{
	ck_assert_ptr_eq(which, &bridge);
	note("d");
}

static void observe(struct bridge *which, const struct vsn_event *event)
{
	ck_assert_ptr_eq(which, &bridge);
	ck_assert_int_eq(event->type, VSN_EVENT_VM_PROCESS);
	process = event->number;
	processes++;
}

static void setup(void)
{
	static char notify_socket[128], vsock[128];
	struct failure failure = {0};

	harness_stderr();
	log_set_level(VSN_LOG_WARNING);
	folder = harness_folder();
	snprintf(notify_socket, sizeof(notify_socket), "%s/notify", folder);
	snprintf(vsock, sizeof(vsock), "%s/vsock", folder);
	host_address = harness_address(notify_socket);
	host_fd = harness_host(&host_address);
	bridge_options_init(&options);
	options.notify_socket = notify_socket;
	options.no_state = true;
	options.frame_timeout_usec = 3600 * USEC_PER_SEC;
	options.waiting.mode = WAITING_EOF;
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(bridge_init(&bridge, &loop, &options, &failure), 0);
	bridge.stopped = stopped;
	bridge.drained = drained;
	bridge.observe = observe;
	ck_assert_msg(bridge_listen(&bridge, &options, vsock, &failure) == 0, "%s", failure.line);
	listen_address = harness_address(harness_path(folder, "vsock_1234"));
}

static void teardown(void)
{
	bridge_deinit(&bridge, -1);
	ck_assert_ptr_null(loop.timers);
	loop_deinit(&loop);
	close(host_fd);
	harness_stderr_close();
	harness_remove(folder);
}

/* A guest that has connected and sent text, which has been read. */
static int guest_here(const char *text)
{
	int guest = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(guest, 0);
	ck_assert_int_eq(connect(guest, &listen_address.any, listen_address.length), 0);
	ck_assert_int_eq(write(guest, text, strlen(text)), (ssize_t)strlen(text));
	harness_settle(&loop);
	return guest;
}

static void guest_says(const char *text)
{
	int guest = guest_here(text);

	shutdown(guest, SHUT_WR);
	harness_settle(&loop);
	close(guest);
}

static bool goes_on(int guest)
{
	char byte;

	return read(guest, &byte, 1) == 0;
}

static void stop(void)
{
	bridge_stop(&bridge);
	harness_settle(&loop);
}

/* The barrier that is the last datagram returns. */
static void last_barrier_returns(void)
{
	int passed;

	ck_assert_str_eq(harness_read(host_fd, &passed), BARRIER_TEXT);
	close(passed);
	harness_settle(&loop);
}

START_TEST(a_bridge_with_no_connection_stops_with_a_last_barrier)
{
	guest_says("READY=1");
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
	stop();
	ck_assert_str_eq(happened, "mds");
	last_barrier_returns();
	ck_assert_str_eq(happened, "mds.");
	ck_assert_int_eq(stop_result, 0);
	ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(silent_connections_are_closed_at_once)
{
	int guest = guest_here("");

	stop();
	ck_assert(goes_on(guest));
	ck_assert_str_eq(happened, "ds.");
	ck_assert_int_eq(stop_result, 0);
	close(guest);
}
END_TEST

/* What a silent connection brings at the last moment is read before it is closed. */
START_TEST(what_has_come_is_read_before_silence_is_closed)
{
	int guest = guest_here("");

	bridge_stop(&bridge);
	ck_assert_int_eq(write(guest, "EXIT_STATUS=3", 13), 13);
	shutdown(guest, SHUT_WR);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "EXIT_STATUS=3");
	last_barrier_returns();
	ck_assert_str_eq(happened, "mds.");
	close(guest);
}
END_TEST

START_TEST(a_guest_that_does_not_end_costs_neither_the_plugins_stop_nor_the_last_barrier)
{
	uint64_t before = now_usec();
	const char *text;
	int guest;

	guest_says("READY=1");
	harness_read(host_fd, NULL);
	guest = guest_here("x");
	stop();
	ck_assert(!goes_on(guest));
	ck_assert_str_eq(happened, "m");
	ck_assert_uint_ge(harness_deadline(&loop), before + BRIDGE_STOP_CONNECTIONS_USEC);
	ck_assert_uint_le(harness_deadline(&loop), now_usec() + BRIDGE_STOP_CONNECTIONS_USEC);
	harness_fire(&loop, 0);
	ck_assert(goes_on(guest));
	ck_assert_str_eq(happened, "mds");
	last_barrier_returns();
	ck_assert_str_eq(happened, "mds.");
	ck_assert_int_eq(stop_result, 0);
	text = written();
	ck_assert_msg(strstr(text, "the guest has not ended 1 connection in 2 s") &&
	                      !strstr(text, "service manager"),
	              "%s", text);
	close(guest);
}
END_TEST

START_TEST(a_connection_that_ends_meanwhile_is_delivered)
{
	int guest = guest_here("READY");

	stop();
	ck_assert_int_eq(write(guest, "=1", 2), 2);
	shutdown(guest, SHUT_WR);
	harness_settle(&loop);
	ck_assert_str_eq(harness_read(host_fd, NULL), "READY=1");
	last_barrier_returns();
	ck_assert_str_eq(happened, "mds.");
	ck_assert_str_eq(written(), "");
	close(guest);
}
END_TEST

START_TEST(a_manager_that_does_not_answer_is_named_and_the_guest_is_not)
{
	const char *text;

	guest_says("READY=1");
	harness_read(host_fd, NULL);
	stop();
	harness_fire(&loop, 0);
	ck_assert_str_eq(happened, "mds.");
	ck_assert_int_eq(stop_result, -ETIMEDOUT);
	text = written();
	ck_assert_msg(strstr(text, "the service manager did not answer the last barrier in 5 s") &&
	                      !strstr(text, "guest"),
	              "%s", text);
}
END_TEST

/* Its guest has ended the connection: it is held for the manager, and not closed as one that the guest has not ended. */
START_TEST(a_manager_that_takes_nothing_is_named_with_what_is_left)
{
	const char *text;
	int guest;

	harness_fill(&host_address);
	guest = guest_here("READY=1");
	shutdown(guest, SHUT_WR);
	stop();
	ck_assert_str_eq(happened, "m");
	loop_timer_cancel(&bridge.outbox.retry);
	harness_fire(&loop, 0);
	ck_assert_str_eq(happened, "mds");
	ck_assert(!goes_on(guest));
	ck_assert_uint_eq(bridge.connections.count, 1);
	harness_fire(&loop, 0);
	ck_assert_str_eq(happened, "mds.");
	ck_assert_int_eq(stop_result, -ETIMEDOUT);
	text = written();
	ck_assert_msg(
		strstr(text, "7 bytes of 1 message left behind: the service manager did not") &&
			!strstr(text, "guest"),
		"%s", text);
	close(guest);
}
END_TEST

START_TEST(a_second_stop_ends_it_at_once)
{
	int guest = guest_here("x");

	stop();
	bridge_stop(&bridge);
	ck_assert_str_eq(happened, ".");
	ck_assert_int_eq(stop_result, -ETIMEDOUT);
	close(guest);
}
END_TEST

/* Under "serve"; "run" has started the VMM, and knows when another one comes. */
START_TEST(the_process_that_connects_is_told_where_it_is_not_known)
{
	if (_i == 1)
		bridge.connections.peer_rule.vmm = getpid();
	guest_says("A=1");
	guest_says("B=1");
	ck_assert_uint_eq(processes, _i == 1 ? 0 : 1);
	if (_i == 0)
		ck_assert_int_eq(process, getpid());
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bridge");
	TCase *tcase = harness_case(suite, "stop");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_bridge_with_no_connection_stops_with_a_last_barrier);
	tcase_add_test(tcase, silent_connections_are_closed_at_once);
	tcase_add_test(tcase, what_has_come_is_read_before_silence_is_closed);
	tcase_add_test(
		tcase,
		a_guest_that_does_not_end_costs_neither_the_plugins_stop_nor_the_last_barrier);
	tcase_add_test(tcase, a_connection_that_ends_meanwhile_is_delivered);
	tcase_add_test(tcase, a_manager_that_does_not_answer_is_named_and_the_guest_is_not);
	tcase_add_test(tcase, a_manager_that_takes_nothing_is_named_with_what_is_left);
	tcase_add_test(tcase, a_second_stop_ends_it_at_once);
	tcase = harness_case(suite, "process");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, the_process_that_connects_is_told_where_it_is_not_known, 0, 2);
	return harness_run(suite);
}
