/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/loop: sources and signals, and what callbacks may do to them. */
#include "base/loop.h"

#include <errno.h>
#include <unistd.h>

#include "base/macros.h"
#include "harness.h"
#include "harness_loop.h"

static struct loop loop;

/* What happened, a letter an event. */
static char happened[256];

static void note(char what)
{
	size_t used = strlen(happened);

	if (used + 1 < sizeof(happened))
		happened[used] = what;
}

/* A source on an eventfd of its own that is always ready, with a name. */
struct thing {
	struct loop_fd source;
	char name;
	int fd;
	struct thing *victim;
};

static void source_event(struct loop_fd *source)
{
	struct thing *thing = container_of(source, struct thing, source);

	note(thing->name);
	if (thing->victim) {
		loop_fd_remove(&loop, &thing->victim->source);
		loop_fd_remove(&loop, &thing->victim->source);
	}
}

static void add_source(struct thing *thing, char name, bool late)
{
	thing->name = name;
	thing->source.callback = source_event;
	thing->source.late = late;
	thing->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_eq(loop_fd_add(&loop, &thing->source, thing->fd, EPOLLIN), 0);
}

static void setup(void)
{
	ck_assert_int_eq(loop_init(&loop), 0);
}

static void teardown(void)
{
	loop_deinit(&loop);
}

START_TEST(every_ready_source_is_called_and_a_removed_one_is_not)
{
	struct thing a = {0}, b = {0};

	add_source(&a, 'a', false);
	add_source(&b, 'b', false);
	harness_round(&loop);
	ck_assert_uint_eq(strlen(happened), 2);
	ck_assert(strchr(happened, 'a') && strchr(happened, 'b'));
	loop_fd_remove(&loop, &a.source);
	harness_round(&loop);
	ck_assert_str_eq(happened + 2, "b");
	loop_fd_remove(&loop, &b.source);
	close(a.fd);
	close(b.fd);
}
END_TEST

START_TEST(late_sources_come_after_all_others_of_the_round)
{
	struct thing late = {0}, a = {0}, b = {0}, later = {0};

	add_source(&late, 'L', true);
	add_source(&a, 'a', false);
	add_source(&later, 'L', true);
	add_source(&b, 'b', false);
	harness_round(&loop);
	ck_assert_uint_eq(strlen(happened), 4);
	ck_assert_str_eq(happened + 2, "LL");
}
END_TEST

/* Whichever is called first removes the other, which was reported in the same round. */
START_TEST(a_source_removed_by_another_in_the_same_round_is_not_called)
{
	struct thing *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

	ck_assert(a && b);
	a->victim = b;
	b->victim = a;
	add_source(a, 'a', false);
	add_source(b, 'b', false);
	harness_round(&loop);
	ck_assert_uint_eq(strlen(happened), 1);
	close(a->fd);
	close(b->fd);
	free(a);
	free(b);
}
END_TEST

static void free_victim(struct loop_fd *source)
{
	struct thing *thing = container_of(source, struct thing, source);

	note(thing->name);
	if (!thing->victim)
		return;
	loop_fd_remove(&loop, &thing->victim->source);
	close(thing->victim->fd);
	free(thing->victim);
	thing->victim = NULL;
}

/* Under AddressSanitizer or valgrind: its memory must not even be looked at. */
START_TEST(a_late_source_may_be_freed_in_the_early_pass)
{
	struct thing early = {0};

	early.victim = calloc(1, sizeof(*early.victim));
	ck_assert_ptr_nonnull(early.victim);
	add_source(early.victim, 'v', true);
	add_source(&early, 'e', false);
	early.source.callback = free_victim;
	harness_round(&loop);
	ck_assert_str_eq(happened, "e");
}
END_TEST

static void replace_itself(struct loop_fd *source)
{
	struct thing *thing = container_of(source, struct thing, source);

	note(thing->name);
	loop_fd_remove(&loop, source);
	ck_assert_int_eq(loop_fd_add(&loop, source, thing->fd, EPOLLIN), 0);
}

START_TEST(a_source_may_remove_and_add_itself_and_is_called_once_a_round)
{
	struct thing a = {0};

	add_source(&a, 'a', false);
	a.source.callback = replace_itself;
	harness_round(&loop);
	ck_assert_str_eq(happened, "a");
	harness_round(&loop);
	ck_assert_str_eq(happened, "aa");
}
END_TEST

START_TEST(what_epoll_does_not_take_is_an_error)
{
	struct thing a = {.source.callback = source_event};
	FILE *file = tmpfile();

	ck_assert_int_eq(loop_fd_add(&loop, &a.source, -1, EPOLLIN), -EBADF);
	ck_assert(!a.source.added);
	ck_assert_int_eq(loop_fd_add(&loop, &a.source, fileno(file), EPOLLIN), -EPERM);
	loop_fd_remove(&loop, &a.source);
	fclose(file);
}
END_TEST

static void signal_came(void *user, const struct signalfd_siginfo *info)
{
	ck_assert_ptr_eq(user, &loop);
	note((char)('0' + info->ssi_signo % 10));
}

START_TEST(a_signal_is_an_event)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	ck_assert_int_eq(loop_signals(&loop, &set, signal_came, &loop), 0);
	harness_round(&loop);
	ck_assert_str_eq(happened, "");
	raise(SIGTERM);
	raise(SIGINT);
	harness_settle(&loop);
	ck_assert_uint_eq(strlen(happened), 2);
	ck_assert(strchr(happened, '0' + SIGTERM % 10) && strchr(happened, '0' + SIGINT));
}
END_TEST

static uint32_t seen_events;

static void note_events(struct loop_fd *source)
{
	seen_events = source->events;
}

START_TEST(a_callback_sees_what_the_kernel_reported_and_nothing_if_it_was_named_ready)
{
	struct loop_fd source = {.callback = note_events};
	int ends[2];

	harness_pair(ends);
	ck_assert_int_eq(loop_fd_add(&loop, &source, ends[1], EPOLLIN | EPOLLRDHUP), 0);
	ck_assert_int_eq(shutdown(ends[0], SHUT_WR), 0);
	harness_round(&loop);
	ck_assert_uint_eq(seen_events, EPOLLIN | EPOLLRDHUP);
	close(ends[0]);
	harness_round(&loop);
	ck_assert_uint_eq(seen_events, EPOLLIN | EPOLLRDHUP | EPOLLHUP);
	loop_fd_remove(&loop, &source);
	loop_fd_ready(&loop, &source);
	harness_round(&loop);
	ck_assert_uint_eq(seen_events, 0);
	close(ends[1]);
}
END_TEST

START_TEST(nothing_is_left_open)
{
	unsigned before;
	struct loop other;
	sigset_t set;

	before = harness_open_fds();
	ck_assert_int_eq(loop_init(&other), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	ck_assert_int_eq(loop_signals(&other, &set, signal_came, NULL), 0);
	ck_assert_uint_gt(harness_open_fds(), before);
	loop_deinit(&other);
	ck_assert_uint_eq(harness_open_fds(), before);
}
END_TEST

/* A source without a descriptor, with a name; it may name others ready, or itself again. */
struct ready {
	struct loop_fd source;
	char name;
	struct ready *names;
	struct ready *removes;
};

static void ready_event(struct loop_fd *source)
{
	struct ready *ready = container_of(source, struct ready, source);

	note(ready->name);
	if (ready->names)
		loop_fd_ready(&loop, &ready->names->source);
	if (ready->removes)
		loop_fd_remove(&loop, &ready->removes->source);
}

static struct ready ready_named(char name)
{
	return (struct ready){.source.callback = ready_event, .name = name};
}

START_TEST(what_is_named_ready_is_called_last_once_and_in_order)
{
	struct ready a = ready_named('a'), b = ready_named('b');
	struct thing early = {0}, late = {0};

	add_source(&late, 'l', true);
	add_source(&early, 'e', false);
	loop_fd_ready(&loop, &a.source);
	loop_fd_ready(&loop, &b.source);
	loop_fd_ready(&loop, &a.source);
	harness_round(&loop);
	ck_assert_str_eq(happened, "elab");
	harness_round(&loop);
	ck_assert_str_eq(happened, "elabel");
	loop_fd_remove(&loop, &early.source);
	loop_fd_remove(&loop, &late.source);
	close(early.fd);
	close(late.fd);
}
END_TEST

static void named_by_source(struct loop_fd *source)
{
	struct thing *thing = container_of(source, struct thing, source);
	static struct ready after = {.source.callback = ready_event, .name = 'r'};

	note(thing->name);
	loop_fd_ready(&loop, &after.source);
	loop_fd_remove(&loop, source);
}

START_TEST(what_is_named_in_a_round_is_called_in_that_round)
{
	struct thing late = {0};

	add_source(&late, 'l', true);
	late.source.callback = named_by_source;
	harness_round(&loop);
	ck_assert_str_eq(happened, "lr");
	close(late.fd);
}
END_TEST

/* Without an event: the loop does not block while something is ready. */
START_TEST(what_is_named_in_the_last_pass_waits_for_the_next_round)
{
	struct ready a = ready_named('a'), b = ready_named('b');

	a.names = &b;
	b.names = &a;
	loop_fd_ready(&loop, &a.source);
	harness_round(&loop);
	ck_assert_str_eq(happened, "a");
	harness_round(&loop);
	ck_assert_str_eq(happened, "ab");
	a.names = NULL;
	harness_settle(&loop);
	ck_assert_str_eq(happened, "aba");
}
END_TEST

START_TEST(what_is_removed_is_not_called_and_the_others_are)
{
	struct ready a = ready_named('a'), b = ready_named('b'), c = ready_named('c');

	loop_fd_ready(&loop, &a.source);
	loop_fd_ready(&loop, &b.source);
	loop_fd_ready(&loop, &c.source);
	if (_i == 0) { /* before the pass, the last one */
		loop_fd_remove(&loop, &c.source);
		loop_fd_ready(&loop, &c.source);
		loop_fd_remove(&loop, &b.source);
		harness_round(&loop);
		ck_assert_str_eq(happened, "ac");
	} else { /* in the pass; it is the last one, and another one is named behind it */
		a.removes = &c;
		a.names = &a;
		harness_round(&loop);
		ck_assert_str_eq(happened, "ab");
		a.names = NULL;
		harness_round(&loop);
		ck_assert_str_eq(happened, "aba");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loop");
	TCase *sources = harness_case(suite, "sources");

	tcase_add_checked_fixture(sources, setup, teardown);
	tcase_add_test(sources, every_ready_source_is_called_and_a_removed_one_is_not);
	tcase_add_test(sources, late_sources_come_after_all_others_of_the_round);
	tcase_add_test(sources, a_source_removed_by_another_in_the_same_round_is_not_called);
	tcase_add_test(sources, a_late_source_may_be_freed_in_the_early_pass);
	tcase_add_test(sources, a_source_may_remove_and_add_itself_and_is_called_once_a_round);
	tcase_add_test(sources, what_epoll_does_not_take_is_an_error);
	tcase_add_test(sources, a_signal_is_an_event);
	tcase_add_test(sources,
	               a_callback_sees_what_the_kernel_reported_and_nothing_if_it_was_named_ready);
	tcase_add_test(sources, nothing_is_left_open);
	sources = harness_case(suite, "ready");
	tcase_add_checked_fixture(sources, setup, teardown);
	tcase_add_test(sources, what_is_named_ready_is_called_last_once_and_in_order);
	tcase_add_test(sources, what_is_named_in_a_round_is_called_in_that_round);
	tcase_add_test(sources, what_is_named_in_the_last_pass_waits_for_the_next_round);
	tcase_add_loop_test(sources, what_is_removed_is_not_called_and_the_others_are, 0, 2);
	return harness_run(suite);
}
