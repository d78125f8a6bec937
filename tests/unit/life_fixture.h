/* SPDX-License-Identifier: Apache-2.0 */
/* A life that is fed with messages, events and time, and the edges that it emits, as texts. */
#ifndef LIFE_FIXTURE_H
#define LIFE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "plugins/notify/infer.h"
#include "plugins/notify/life.h"

static const char *life_edge_name(unsigned type)
{
	static const char *const names[] = {
		[VSN_EVENT_GUEST_BOOTING] = "booting",     [VSN_EVENT_GUEST_READY] = "ready",
		[VSN_EVENT_GUEST_EMERGENCY] = "emergency", [VSN_EVENT_GUEST_EXIT] = "exit",
		[VSN_EVENT_GUEST_STOPPING] = "stopping",   [VSN_EVENT_GUEST_WAITING] = "waiting",
		[VSN_EVENT_GUEST_RECOVERED] = "recovered",
	};

	ck_assert_uint_lt(type, sizeof(names) / sizeof(names[0]));
	ck_assert_ptr_nonnull(names[type]);
	return names[type];
}

/* Appends the step's edges to shown: "booting ready stopping(poweroff) exit(3)". */
static inline void show_step(char *shown, size_t size, const struct life_step *step)
{
	size_t used = strlen(shown);
	size_t start = used;

#define SHOW(...) used += (size_t)snprintf(shown + used, size - used, __VA_ARGS__)
	if (step->begins)
		SHOW("booting");
	for (unsigned i = 0; i < step->count; i++) {
		const struct life_edge *edge = &step->edges[i];

		SHOW("%s%s", used > start ? " " : "", life_edge_name(edge->type));
		if (edge->type == VSN_EVENT_GUEST_READY && edge->number == 1)
			SHOW("(inferred)");
		if (edge->type == VSN_EVENT_GUEST_STOPPING)
			SHOW("(%.*s)", (int)edge->length, edge->text);
		else if (edge->type == VSN_EVENT_GUEST_EXIT)
			SHOW("(%d)", edge->number);
		ck_assert_int_eq(!edge->text, edge->type != VSN_EVENT_GUEST_STOPPING);
		ck_assert_uint_lt(used, size);
	}
#undef SHOW
}

/* text with each what replaced, into out. */
static inline void replace_all(char *out, size_t size, const char *text, const char *what,
                               const char *by)
{
	size_t used = 0;

	while (*text) {
		bool found = strncmp(text, what, strlen(what)) == 0;

		used += (size_t)snprintf(out + used, size - used, "%.*s",
		                         found ? (int)strlen(by) : 1, found ? by : text);
		text += found ? strlen(what) : 1;
		ck_assert_uint_lt(used, size);
	}
	out[used] = '\0';
}

static inline void feed_event(struct life *life, const char *name, uint64_t now,
                              struct life_step *step)
{
	static const struct {
		const char *name;
		uint32_t type;
	} events[] = {
		{"rebooted", VSN_EVENT_VM_REBOOTED}, {"restored", VSN_EVENT_VM_RESTORED},
		{"panic", VSN_EVENT_GUEST_PANIC},    {"process", VSN_EVENT_VM_PROCESS},
		{"taken-up", VSN_EVENT_VM_TAKEN_UP}, {"lost", VSN_EVENT_GUEST_LOST},
		{"paused", VSN_EVENT_VM_PAUSED},     {"resumed", VSN_EVENT_VM_RESUMED},
	};
	struct vsn_event event = {.struct_size = sizeof(event), .now_usec = now};
	const char *space = strchr(name, ' ');

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (strcspn(name, " ") == strlen(events[i].name) &&
		    strncmp(name, events[i].name, strlen(events[i].name)) == 0)
			event.type = events[i].type;
	ck_assert_uint_ne(event.type, 0);
	event.number = space ? atoi(space + 1) : 0;
	life_event(life, &event, step);
}

/* A message whose lines may begin with "=" or "-" for units. */
static inline void feed_message(struct life *life, const char *line, uint64_t now,
                                struct life_step *step)
{
	char text[1024], marked[1024], active[1024];

	snprintf(marked, sizeof(marked), "\n%s", line);
	replace_all(active, sizeof(active), marked, "\n=", "\nX_SYSTEMD_UNIT_ACTIVE=");
	replace_all(text, sizeof(text), active, "\n-", "\nX_SYSTEMD_UNIT_INACTIVE=");
	life_message(life, text + 1, strlen(text + 1), now, step);
}

/* Feeds the steps of in and compares the edges of all of them, both separated by '|'. life: before its first step. */
static inline void check_sequence_of(struct life life, const char *in, const char *out)
{
	uint64_t now = 1000;
	char shown[1024] = "";

	for (const char *at = in;; at++) {
		size_t length = strcspn(at, "|");
		char word[512];
		struct life_step step;

		snprintf(word, sizeof(word), "%.*s", (int)length, at);
		if (word[0] == '@')
			feed_event(&life, word + 1, now, &step);
		else if (strcmp(word, "+") == 0)
			life_time(&life, now += LIFE_HOLD_USEC, &step);
		else if (strcmp(word, "~") == 0)
			life_time(&life, now += INFER_QUIET_USEC, &step);
		else if (strcmp(word, "~~") == 0)
			life_time(&life, now += INFER_LONG_QUIET_USEC, &step);
		else
			feed_message(&life, word, now, &step);
		show_step(shown, sizeof(shown), &step);
		at += length;
		if (!*at)
			break;
		strcat(shown, "|");
	}
	ck_assert_msg(strcmp(shown, out) == 0, "%s:\n  got  %s\n  want %s", in, shown, out);
}

static inline void check_sequence(const char *in, const char *out, const char *ready_unit)
{
	check_sequence_of((struct life){.ready_unit = ready_unit}, in, out);
}

#endif
