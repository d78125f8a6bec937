/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of pluginhost: plugins that tell each other of events while they are called. None is entered while it is being
 * called, nothing is sent while one is, and what is sent is for the message that brought it about.
 */
#include "pluginhost/plugin_list.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "harness.h"
#include "harness_host.h"
#include "harness_loop.h"

#define EVENTS_MAX 8

/* A plugin that does what its script says. */
struct actor {
	struct plugin plugin;
	char name[2];
	bool called;
	const char *at_message; /* what it tells of, an event a letter */
	const char *at_timer;
	char at_event[EVENTS_MAX +
	              1]; /* for each event that it is told of, the next letter; '-': nothing */
	unsigned events;
	bool sends; /* each event, as a change of state */
};

static struct loop loop;
static struct outbox outbox;
static struct plugin_list list;
static struct actor a, b;
static struct address address;
static char *folder;
static int host_fd;

/* What happened: "A<" and ">" around each call, "x" for an event that the observer was told of. */
static char happened[256];

static void note(const char *what)
{
	strncat(happened, what, sizeof(happened) - strlen(happened) - 1);
}

static void tell(struct actor *actor, char letter)
{
	const struct vsn_event event = {
		.struct_size = sizeof(event),
		.type = VSN_EVENT_GUEST_FIELD,
		.text = (char[]){letter, '\0'},
		.length = 1,
	};

	actor->plugin.host.calls.event(&actor->plugin.host.calls, &event);
}

static void enter(struct actor *actor)
{
	ck_assert_msg(!actor->called, "plugin %s is entered while it is being called", actor->name);
	actor->called = true;
	note(actor->name);
	note("<");
}

static void leave(struct actor *actor)
{
	actor->called = false;
	note(">");
}

static int actor_open(const struct vsn_host *host, void **user)
{
	*user = host == &a.plugin.host.calls ? &a : &b;
	return 0;
}

static int actor_message(void *user, const struct vsn_message *message)
{
	struct actor *actor = user;

	(void)message;
	enter(actor);
	for (const char *letter = actor->at_message; letter && *letter; letter++)
		tell(actor, *letter);
	leave(actor);
	return 0;
}

static void actor_timer(void *user, uint64_t now)
{
	struct actor *actor = user;

	(void)now;
	enter(actor);
	for (const char *letter = actor->at_timer; letter && *letter; letter++)
		tell(actor, *letter);
	leave(actor);
}

static void actor_event(void *user, const struct vsn_event *event)
{
	struct actor *actor = user;
	char answer = actor->events < EVENTS_MAX ? actor->at_event[actor->events] : '\0';

	enter(actor);
	ck_assert_uint_eq(event->length, 1);
	ck_assert_int_eq(event->text[1], '\0');
	note(event->text);
	actor->events++;
	if (actor->sends)
		ck_assert_int_eq(actor->plugin.host.calls.send(&actor->plugin.host.calls,
		                                               VSN_SEND_STATE, event->text, 1),
		                 0);
	if (answer && answer != '-')
		tell(actor, answer);
	leave(actor);
}

static void observe(struct plugin_list *which, const struct vsn_event *event)
{
	ck_assert_ptr_eq(which, &list);
	note(event->text);
}

static void returned(struct plugin_list *which)
{
	ck_assert_ptr_eq(which, &list);
	ck_assert(!a.called && !b.called);
	note("!");
	outbox_flush(&outbox);
}

static struct actor actor_named(const char *name)
{
	struct actor actor = {.plugin = {.list = &list}};

	actor.plugin.calls = (struct vsn_plugin){
		.name = name,
		.open = actor_open,
		.message = actor_message,
		.timer = actor_timer,
		.event = actor_event,
	};
	memcpy(actor.name, name, 2);
	return actor;
}

static void setup(void)
{
	log_set_level(0);
	folder = harness_folder();
	address = harness_address(harness_path(folder, "notify"));
	host_fd = harness_host(&address);
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(outbox_init(&outbox, &loop, &address), 0);
	a = actor_named("A");
	b = actor_named("B");
	a.plugin.next = &b.plugin;
	list = (struct plugin_list){.first = &a.plugin, .observe = observe, .returned = returned};
	ck_assert_int_eq(plugin_open(&a.plugin, &loop, &outbox, NULL), 0);
	ck_assert_int_eq(plugin_open(&b.plugin, &loop, &outbox, NULL), 0);
}

static void teardown(void)
{
	loop_timer_cancel(&a.plugin.timer);
	outbox_deinit(&outbox);
	loop_deinit(&loop);
	close(host_fd);
	harness_remove(folder);
}

static struct delivery message(void)
{
	return (struct delivery){.id = 1, .pid = 7, .text = "A=1", .length = 3};
}

START_TEST(an_event_is_told_at_once_to_the_observer_and_then_to_the_others)
{
	struct delivery delivery = message();

	a.at_message = "xy";
	plugin_list_message(&list, &delivery);
	ck_assert_str_eq(happened, "A<xB<x>yB<y>>B<>");
}
END_TEST

/* B answers each of A's events with one of its own: A gets them in order when it has returned. */
START_TEST(an_event_for_a_plugin_that_is_being_called_waits_until_it_has_returned)
{
	struct delivery delivery = message();

	a.at_message = "xy";
	memcpy(b.at_event, "pq", 2);
	plugin_list_message(&list, &delivery);
	ck_assert_str_eq(happened, "A<xB<xp>yB<yq>>A<p>A<q>B<>");
}
END_TEST

/* A answers B's answer, B answers again: nested as deep as they like, none is entered twice. */
START_TEST(events_from_events_are_told_in_order)
{
	struct delivery delivery = message();

	a.at_message = "x";
	memcpy(b.at_event, "pr", 2);
	memcpy(a.at_event, "q-", 2);
	plugin_list_message(&list, &delivery);
	ck_assert_str_eq(happened, "A<xB<xp>>A<pqB<qr>>A<r>B<>");
}
END_TEST

START_TEST(what_an_event_makes_a_plugin_send_is_for_the_message)
{
	struct delivery delivery = message();

	a.at_message = "x";
	b.at_event[0] = 'p';
	a.sends = b.sends = true;
	plugin_list_message(&list, &delivery);
	ck_assert_uint_eq(delivery.hold.pending, 2);
	ck_assert_ptr_null(a.plugin.delivery);
	ck_assert_ptr_null(b.plugin.delivery);
	ck_assert_msg(!*harness_read(host_fd, NULL), "it was sent while a plugin was being called");
	outbox_flush(&outbox);
	ck_assert_uint_eq(delivery.hold.pending, 0);
	ck_assert_str_eq(harness_read(host_fd, NULL), "x");
	ck_assert_str_eq(harness_read(host_fd, NULL), "p");
}
END_TEST

/* No guest is held for it, and it is sent when the plugin has returned. */
START_TEST(what_a_timer_brings_about_is_for_no_message_and_sent_afterwards)
{
	a.at_timer = "x";
	b.sends = true;
	a.plugin.host.calls.set_timer(&a.plugin.host.calls, now_usec() + USEC_PER_SEC);
	harness_fire(&loop, 0);
	ck_assert_str_eq(happened, "A<xB<x>>!");
	ck_assert_str_eq(harness_read(host_fd, NULL), "x");
}
END_TEST

static struct vsn_event got;
static char got_text[8];

static void take_event(void *user, const struct vsn_event *event)
{
	(void)user;
	memset(&got, 0, sizeof(got));
	memcpy(&got, event, min_u64(event->struct_size, sizeof(got)));
	got_text[0] = '\0';
	if (VSN_EVENT_HAS(event, length) && event->text)
		snprintf(got_text, sizeof(got_text), "%s", event->text);
}

/* A plugin that was built with an older header knows less of the struct, one with a newer header more. */
START_TEST(an_event_that_waits_is_copied_as_far_as_both_know_it)
{
	struct {
		struct vsn_event event;
		char more[16];
	} event = {.event = {.type = 99, .number = 5, .length = 1}};
	bool older = _i == 1;

	event.event.struct_size = older ? offsetof(struct vsn_event, text) : sizeof(event);
	event.event.text = (char[]){"z"};
	a.plugin.calls.event = take_event;
	plugin_enter(&a.plugin, NULL);
	plugin_event(&a.plugin, &event.event, NULL);
	memset(&event, 0x55, sizeof(event));
	ck_assert_uint_eq(got.type, 0);
	plugin_leave(&a.plugin);
	ck_assert_uint_eq(got.type, 99);
	ck_assert_int_eq(got.number, 5);
	ck_assert_uint_eq(got.struct_size, older ? offsetof(struct vsn_event, text) : sizeof(got));
	ck_assert_str_eq(got_text, older ? "" : "z");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plugin_events");
	TCase *tcase = harness_case(suite, "event");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_event_is_told_at_once_to_the_observer_and_then_to_the_others);
	tcase_add_test(tcase,
	               an_event_for_a_plugin_that_is_being_called_waits_until_it_has_returned);
	tcase_add_test(tcase, events_from_events_are_told_in_order);
	tcase_add_test(tcase, what_an_event_makes_a_plugin_send_is_for_the_message);
	tcase_add_test(tcase, what_a_timer_brings_about_is_for_no_message_and_sent_afterwards);
	tcase_add_loop_test(tcase, an_event_that_waits_is_copied_as_far_as_both_know_it, 0, 2);
	return harness_run(suite);
}
