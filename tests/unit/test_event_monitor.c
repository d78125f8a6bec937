/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/event_monitor: a VMM's pipe, cut anywhere, full of rubbish, closed. */
#include "run/event_monitor.h"

#include "ch_event_fixture.h"
#include "harness.h"
#include "harness_loop.h"

static struct loop loop;
static struct event_monitor monitor;
static int vmm;       /* its end of the pipe */
static char seen[64]; /* a letter an event */

static void note(struct event_monitor *from, enum vsn_event_type event)
{
	static const char letters[] = {
		[CH_EVENT_NONE] = '-',         [VSN_EVENT_VM_REBOOTED] = 'R',
		[VSN_EVENT_VM_PAUSED] = 'P',   [VSN_EVENT_VM_RESUMED] = 'U',
		[VSN_EVENT_VM_RESTORED] = 'S', [VSN_EVENT_GUEST_PANIC] = 'X',
	};
	size_t length = strlen(seen);

	ck_assert_ptr_eq(from, &monitor);
	ck_assert_uint_lt(length, sizeof(seen) - 1);
	seen[length] = letters[event];
}

static void setup(void)
{
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(event_monitor_init(&monitor, &loop), 0);
	monitor.event = note;
	/* What fork(2) does for the VMM. */
	vmm = dup(monitor.write_fd);
	ck_assert_int_eq(event_monitor_watch(&monitor), 0);
}

static void teardown(void)
{
	if (vmm >= 0)
		close(vmm);
	event_monitor_deinit(&monitor);
	loop_deinit(&loop);
}

static void say(const char *text, size_t length)
{
	ck_assert_int_eq(write(vmm, text, length), (ssize_t)length);
	harness_settle(&loop);
}

START_TEST(no_end_of_the_pipe_is_inherited_and_ours_does_not_block)
{
	struct event_monitor other;

	ck_assert_int_eq(event_monitor_init(&other, &loop), 0);
	ck_assert_int_eq(fcntl(other.read_fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(other.write_fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(other.read_fd, F_GETFL) & O_NONBLOCK, 0);
	/* The VMM's is as it likes. */
	ck_assert_int_eq(fcntl(other.write_fd, F_GETFL) & O_NONBLOCK, 0);
	event_monitor_deinit(&other);
	ck_assert_int_eq(other.read_fd, -1);
	ck_assert_int_eq(other.write_fd, -1);
}
END_TEST

START_TEST(watching_closes_the_vmms_end_here)
{
	ck_assert_int_eq(monitor.write_fd, -1);
}
END_TEST

START_TEST(events_come_one_by_one_in_order)
{
	static const char text[] = EVENT("vm", "booting") EVENT("vm", "booted")
		EVENT("vm", "paused") EVENT("vm", "resumed") EVENT("vm", "rebooted")
			EVENT("vm", "restored") EVENT_PANIC;

	say(text, strlen(text));
	ck_assert_str_eq(seen, "PURSX");
}
END_TEST

START_TEST(an_event_may_be_cut_at_every_byte)
{
	static const char text[] = EVENT("vm", "paused") EVENT_PANIC;

	for (size_t i = 0; i < strlen(text); i++)
		say(text + i, 1);
	ck_assert_str_eq(seen, "PX");
}
END_TEST

START_TEST(more_than_a_buffer_of_events_at_once_is_taken)
{
	static const char one[] = EVENT("vm", "paused");

	/* Written without a round in between. */
	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(write(vmm, one, strlen(one)), (ssize_t)strlen(one));
	for (int i = 0; i < 4; i++)
		harness_settle(&loop);
	ck_assert_uint_eq(strlen(seen), 40);
}
END_TEST

START_TEST(a_line_of_rubbish_costs_itself_only)
{
	static const char text[] = "what is this?\n\n" EVENT("vm", "paused");

	say(text, strlen(text));
	ck_assert_str_eq(seen, "P");
}
END_TEST

START_TEST(an_event_that_was_cut_off_costs_itself_only)
{
	/* The real one writes to a full pipe without waiting, and so half an object. */
	static const char text[] = "{\n  \"timestamp\": {\n    \"se\n\n" EVENT("vm", "paused");

	say(text, strlen(text));
	ck_assert_str_eq(seen, "P");
}
END_TEST

START_TEST(an_overlong_one_costs_itself_only)
{
	static char text[CH_EVENT_MAX];

	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"a\": \"", 7);
	say(text, sizeof(text));
	ck_assert_uint_lt(monitor.length, sizeof(monitor.bytes));
	memset(text, 'x', sizeof(text));
	say(text, 100);
	say("\"}\n\n", 4);
	say(EVENT("vm", "resumed"), strlen(EVENT("vm", "resumed")));
	ck_assert_str_eq(seen, "U");
}
END_TEST

START_TEST(rubbish_without_end_is_bounded)
{
	static char text[1000];

	memset(text, '\0', sizeof(text));
	for (int i = 0; i < 50; i++)
		say(text, sizeof(text));
	memset(text, '{', sizeof(text));
	for (int i = 0; i < 50; i++)
		say(text, sizeof(text));
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(its_end_is_no_event_and_does_not_spin)
{
	close(vmm);
	vmm = -1;
	harness_settle(&loop);
	ck_assert_str_eq(seen, "");
	ck_assert(!monitor.source.added);
}
END_TEST

START_TEST(what_was_said_just_before_the_end_is_heard)
{
	static const char text[] = EVENT_PANIC;

	ck_assert_int_eq(write(vmm, text, strlen(text)), (ssize_t)strlen(text));
	close(vmm);
	vmm = -1;
	harness_settle(&loop);
	ck_assert_str_eq(seen, "X");
}
END_TEST

START_TEST(nothing_stays_open)
{
	unsigned before = harness_open_fds();
	struct event_monitor other;

	ck_assert_int_eq(event_monitor_init(&other, &loop), 0);
	ck_assert_int_eq(event_monitor_watch(&other), 0);
	event_monitor_deinit(&other);
	event_monitor_deinit(&other);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event_monitor");
	TCase *tcase = harness_case(suite, "pipe");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, no_end_of_the_pipe_is_inherited_and_ours_does_not_block);
	tcase_add_test(tcase, watching_closes_the_vmms_end_here);
	tcase_add_test(tcase, events_come_one_by_one_in_order);
	tcase_add_test(tcase, an_event_may_be_cut_at_every_byte);
	tcase_add_test(tcase, more_than_a_buffer_of_events_at_once_is_taken);
	tcase_add_test(tcase, a_line_of_rubbish_costs_itself_only);
	tcase_add_test(tcase, an_event_that_was_cut_off_costs_itself_only);
	tcase_add_test(tcase, an_overlong_one_costs_itself_only);
	tcase_add_test(tcase, rubbish_without_end_is_bounded);
	tcase_add_test(tcase, its_end_is_no_event_and_does_not_spin);
	tcase_add_test(tcase, what_was_said_just_before_the_end_is_heard);
	tcase_add_test(tcase, nothing_stays_open);
	return harness_run(suite);
}
