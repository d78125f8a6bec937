/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/acceptor: guests are accepted whatever happens, without descriptors too. */
#include "guest/acceptor.h"

#include <sys/resource.h>

#include "connection_fixture.h"

static struct acceptor acceptor;
static struct address listen_address;
static int listen_fd;

static void setup(void)
{
	fixture_setup();
	listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	listen_address = harness_address(harness_path(folder, "vsock_1234"));
	ck_assert_int_eq(bind(listen_fd, &listen_address.any, listen_address.length), 0);
	ck_assert_int_eq(listen(listen_fd, 64), 0);
	ck_assert_int_eq(acceptor_start(&acceptor, &loop, listen_fd, &all), 0);
	all.max = 64;
}

static void teardown(void)
{
	acceptor_deinit(&acceptor);
	close(listen_fd);
	fixture_teardown();
}

static int guest_here(const char *text)
{
	int guest = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(guest, 0);
	ck_assert_int_eq(connect(guest, &listen_address.any, listen_address.length), 0);
	ck_assert_int_eq(write(guest, text, strlen(text)), (ssize_t)strlen(text));
	return guest;
}

START_TEST(all_that_connect_are_served)
{
	int guests[10];

	for (int i = 0; i < 10; i++) {
		guests[i] = guest_here("A=1");
		shutdown(guests[i], SHUT_WR);
	}
	for (int i = 0; i < 10; i++)
		harness_round(&loop);
	for (int i = 0; i < 10; i++) {
		ck_assert(guest_goes_on(guests[i]));
		close(guests[i]);
	}
	ck_assert_uint_eq(all.last_id, 10);
}
END_TEST

/* A guest sends one message after the other: the end of the first is seen before the second. */
START_TEST(what_ended_is_delivered_before_what_connects_in_the_same_round)
{
	int first = guest_here("A=1"), second;

	harness_round(&loop);
	ck_assert_uint_eq(all.count, 1);
	shutdown(first, SHUT_WR);
	second = guest_here("B=1");
	shutdown(second, SHUT_WR);
	harness_round(&loop);
	ck_assert_str_eq(messages, "1:A=1;2:B=1;");
	close(first);
	close(second);
}
END_TEST

/* Leaves no descriptor to be had. */
static struct rlimit use_all_up(void)
{
	struct rlimit before, none;
	int lowest = dup(STDIN_FILENO);

	close(lowest);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)lowest;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	return before;
}

/* Rounds with a source of its own would want a descriptor: this runs until nothing is ready. */
static void pump_without_descriptor(struct loop_fd *pump, int fd)
{
	ck_assert_int_eq(loop_fd_add(&loop, pump, fd, EPOLLIN), 0);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(loop_run(&loop), 0);
		loop.stopped = false;
	}
	loop_fd_remove(&loop, pump);
}

START_TEST(without_descriptors_guests_are_closed_at_once_and_later_ones_served)
{
	struct harness_pump pump = {.loop = &loop,
	                            .source = {.callback = harness_pump_event, .late = true}};
	int pump_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	int guests[3];
	struct rlimit before;

	for (int i = 0; i < 3; i++)
		guests[i] = guest_here("");
	before = use_all_up();
	pump_without_descriptor(&pump.source, pump_fd);
	for (int i = 0; i < 3; i++) {
		ck_assert(guest_goes_on(guests[i]));
		close(guests[i]);
	}
	ck_assert_int_ge(acceptor.spare_fd, 0);
	ck_assert_uint_eq(all.last_id, 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	/* valgrind has a limit of its own, which takes what the kernel gave: a pause is due then */
	if (!acceptor.source.added)
		harness_fire(&loop, 0);
	guests[0] = guest_here("A=1");
	shutdown(guests[0], SHUT_WR);
	harness_settle(&loop);
	ck_assert_str_eq(messages, "1:A=1;");
	close(guests[0]);
	close(pump_fd);
}
END_TEST

START_TEST(without_descriptors_the_oldest_that_is_idle_makes_room)
{
	struct harness_pump pump = {.loop = &loop,
	                            .source = {.callback = harness_pump_event, .late = true}};
	int pump_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	int idle = guest_here(""), next;
	struct rlimit before;

	harness_settle(&loop);
	ck_assert_uint_eq(all.count, 1);
	next = guest_here("A=1");
	shutdown(next, SHUT_WR);
	before = use_all_up();
	pump_without_descriptor(&pump.source, pump_fd);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	/* valgrind has a limit of its own, which takes what the kernel gave */
	if (guest_goes_on(idle))
		ck_assert_str_eq(messages, "2:A=1;");
	ck_assert(guest_goes_on(next));
	close(idle);
	close(next);
	close(pump_fd);
}
END_TEST

START_TEST(without_the_spare_one_too_accepting_pauses_and_goes_on)
{
	struct harness_pump pump = {.loop = &loop,
	                            .source = {.callback = harness_pump_event, .late = true}};
	int pump_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	int guest = guest_here("A=1");
	struct rlimit before;

	shutdown(guest, SHUT_WR);
	before = use_all_up();
	/* taken away and put to another use */
	ck_assert_int_eq(dup2(STDIN_FILENO, acceptor.spare_fd), acceptor.spare_fd);
	acceptor.spare_fd = -1;
	pump_without_descriptor(&pump.source, pump_fd);
	ck_assert(!acceptor.source.added);
	ck_assert_uint_eq(all.last_id, 0);
	ck_assert_uint_eq(harness_deadline(&loop), acceptor.pause.deadline_usec);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	harness_fire(&loop, 0);
	ck_assert_int_ge(acceptor.spare_fd, 0);
	close(guest);
	guest = guest_here("B=1");
	shutdown(guest, SHUT_WR);
	harness_settle(&loop);
	/* valgrind has a limit of its own, which takes what the kernel gave: the first guest then */
	ck_assert(strcmp(messages, "1:A=1;2:B=1;") == 0 || strcmp(messages, "1:B=1;") == 0);
	close(guest);
	close(pump_fd);
}
END_TEST

static unsigned stopped_calls;

static void stopped(struct acceptor *which)
{
	ck_assert_ptr_eq(which, &acceptor);
	stopped_calls++;
}

START_TEST(stopping_takes_those_that_have_connected_and_no_more)
{
	int guest = guest_here("A=1");

	shutdown(guest, SHUT_WR);
	acceptor_stop(&acceptor, stopped);
	ck_assert_str_eq(messages, "");
	harness_settle(&loop);
	ck_assert_str_eq(messages, "1:A=1;");
	ck_assert_uint_eq(stopped_calls, 1);
	ck_assert_int_eq(acceptor.spare_fd, -1);
	ck_assert(!acceptor.source.added);
	close(guest);
	guest = guest_here("B=1");
	harness_settle(&loop);
	ck_assert_uint_eq(all.last_id, 1);
	ck_assert_uint_eq(stopped_calls, 1);
	close(guest);
}
END_TEST

/* As SIGTERM does: a source whose event is reported before the others'. */
struct stopper {
	struct loop_fd source;
	int first;  /* that ends in the same round, after the kernel has reported its events */
	int second; /* that connects then */
};

static void stop_event(struct loop_fd *source)
{
	struct stopper *stopper = container_of(source, struct stopper, source);

	loop_fd_remove(&loop, source);
	if (stopper->second < 0) {
		shutdown(stopper->first, SHUT_WR);
		stopper->second = guest_here("B=1");
		shutdown(stopper->second, SHUT_WR);
	}
	acceptor_stop(&acceptor, stopped);
}

/*
 * SIGTERM, the end of message 1 and the connect of message 2 in one round: the end is heard first, whether the kernel has
 * reported it for this round (0) or not (1).
 */
START_TEST(stopping_keeps_the_order_of_an_end_and_what_connected_after_it)
{
	struct stopper stopper = {.source.callback = stop_event, .second = -1};
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	stopper.first = guest_here("A=1");
	harness_round(&loop);
	ck_assert_uint_eq(all.count, 1);
	ck_assert_int_eq(loop_fd_add(&loop, &stopper.source, fd, EPOLLIN), 0);
	if (_i == 0) {
		shutdown(stopper.first, SHUT_WR);
		stopper.second = guest_here("B=1");
		shutdown(stopper.second, SHUT_WR);
	}
	harness_settle(&loop);
	ck_assert_str_eq(messages, "1:A=1;2:B=1;");
	ck_assert_uint_eq(stopped_calls, 1);
	close(stopper.first);
	close(stopper.second);
	close(fd);
}
END_TEST

/* Those in the backlog are read before they would have to make room for each other. */
START_TEST(stopping_reads_a_backlog_that_is_longer_than_the_table)
{
	char expected[256] = "";
	int guests[20];

	all.max = 3;
	for (int i = 0; i < 20; i++) {
		size_t used = strlen(expected);

		guests[i] = guest_here("A=1");
		shutdown(guests[i], SHUT_WR);
		snprintf(expected + used, sizeof(expected) - used, "%d:A=1;", i + 1);
	}
	acceptor_stop(&acceptor, stopped);
	for (int i = 0; i < 4; i++)
		harness_settle(&loop);
	ck_assert_str_eq(messages, expected);
	ck_assert_uint_eq(stopped_calls, 1);
	for (int i = 0; i < 20; i++)
		close(guests[i]);
}
END_TEST

/*
 * The backlog is read all the same, with the last words in it. Idle
 * connections have taken the descriptors, or such that wait for a service manager which takes nothing.
 */
START_TEST(stopping_reads_the_backlog_without_descriptors_too)
{
	struct harness_pump pump = {.loop = &loop,
	                            .source = {.callback = harness_pump_event, .late = true}};
	int pump_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	int here[4], guests[20];
	unsigned full = _i % 2 ? harness_fill(&host_address) : 0;
	struct rlimit before;

	for (int i = 0; i < 4; i++) {
		here[i] = guest_here(_i % 2 ? "H=1" : "");
		if (_i % 2)
			shutdown(here[i], SHUT_WR);
	}
	harness_settle(&loop);
	ck_assert_uint_eq(all.count, 4);
	*messages = '\0';
	for (int i = 0; i < 20; i++) {
		guests[i] = guest_here("A=1");
		shutdown(guests[i], SHUT_WR);
	}
	before = use_all_up();
	acceptor_stop(&acceptor, stopped);
	for (int i = 0; i < 8; i++)
		pump_without_descriptor(&pump.source, pump_fd);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_uint_eq(stopped_calls, 1);
	ck_assert_msg(strstr(messages, "24:A=1;") != NULL, "%s", messages);
	for (int i = 0; i < 20; i++)
		close(guests[i]);
	for (int i = 0; i < 4; i++)
		close(here[i]);
	while (full--)
		harness_read(host_fd, NULL);
	close(pump_fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("acceptor");
	TCase *tcase = harness_case(suite, "accept");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, all_that_connect_are_served);
	tcase_add_test(tcase, what_ended_is_delivered_before_what_connects_in_the_same_round);
	tcase_add_test(tcase, without_descriptors_guests_are_closed_at_once_and_later_ones_served);
	tcase_add_test(tcase, without_descriptors_the_oldest_that_is_idle_makes_room);
	tcase_add_test(tcase, without_the_spare_one_too_accepting_pauses_and_goes_on);
	tcase = harness_case(suite, "stop");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, stopping_takes_those_that_have_connected_and_no_more);
	tcase_add_loop_test(tcase, stopping_keeps_the_order_of_an_end_and_what_connected_after_it,
	                    0, 2);
	tcase_add_test(tcase, stopping_reads_a_backlog_that_is_longer_than_the_table);
	tcase_add_loop_test(tcase, stopping_reads_the_backlog_without_descriptors_too, 0, 2);
	return harness_run(suite);
}
