/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences about a boot (see timeline_words.h). */
#include "timeline_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "show/show_span.h"
#include "show/show_time.h"

#define SPAN(usec) (show_span(usec).text)

static void add(struct timeline_words *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct timeline_words *words, const char *format, ...)
{
	size_t used = strlen(words->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words->text + used, sizeof(words->text) - used, format, arguments);
	va_end(arguments);
}

static struct timeline_label name(const struct state *state)
{
	const char *hostname = state_field(state, "X_SYSTEMD_HOSTNAME");

	if (state->name[0])
		return timeline_label(state->name);
	return timeline_label(hostname && *hostname ? hostname : "guest");
}

struct timeline_words timeline_headline(const struct timeline *timeline)
{
	struct timeline_words words = {""};

	add(&words, "%s: ", name(timeline->state).text);
	if (timeline->first == TIMELINE_NEVER && timeline->outcome == TIMELINE_PENDING)
		add(&words, "no word from the guest yet");
	else
		add(&words, "%s after %s", timeline_outcome_name(timeline->outcome),
		    SPAN(timeline->outcome_at));
	if (timeline->state->boots > 1)
		add(&words, " (boot %u)", timeline->state->boots);
	return words;
}

struct timeline_words timeline_parts(const struct timeline *timeline)
{
	const struct state *state = timeline->state;
	struct timeline_words words = {""};
	char date[SHOW_TIME_MAX];

	add(&words, timeline->waited        ? "First word"
	            : timeline->start_known ? "Started"
	                                    : "Listening from");
	show_rfc3339(date, state, timeline->origin_usec);
	if (*date)
		add(&words, " %.10s %.8s UTC", date, date + strlen("2026-11-22T"));
	if (timeline->waited)
		add(&words, ", after %s of listening", SPAN(timeline->waited));
	else if (timeline->first != TIMELINE_NEVER && timeline->outcome_at > timeline->first)
		add(&words, "; %s until the first word, %s from there", SPAN(timeline->first),
		    SPAN(timeline->outcome_at - timeline->first));
	return words;
}

/* How long notifications held the guest. */
static struct timeline_words held(const struct timeline *timeline)
{
	struct timeline_words words = {""};

	add(&words, "%s%u notification%s held the guest for %s",
	    timeline->held_count == STATE_HELD_MAX ? "The first " : "", timeline->held_count,
	    timeline->held_count == 1 ? "" : "s", SPAN(timeline->held_total));
	if (timeline->held_count > 1)
		add(&words, " in all, %s at most", SPAN(timeline->held_max));
	return words;
}

/* Empty if none was lost. */
static struct timeline_words lost(const struct state *state)
{
	struct timeline_words words = {""};

	if (state->life_lost_messages > 0)
		add(&words,
		    "%" PRIu64 " message%s lost by the VMM: see vsock-notify(7), LOST MESSAGES",
		    state->life_lost_messages, state->life_lost_messages == 1 ? " was" : "s were");
	return words;
}

/* The shutdown; empty if there was none. */
static struct timeline_words stop(const struct timeline *timeline)
{
	struct timeline_words words = {""};

	if (timeline->stopping != TIMELINE_NEVER) {
		add(&words, "Shutting down from %s", SPAN(timeline->stopping));
		if (timeline->state->way[0])
			add(&words, " (%s)", timeline_label(timeline->state->way).text);
	}
	if (timeline->stopped != TIMELINE_NEVER)
		add(&words, "%s at %s", words.text[0] ? ", ended" : "Ended",
		    SPAN(timeline->stopped));
	if (timeline->state->life == STATE_PANICKED && timeline->outcome == TIMELINE_READY)
		add(&words, "%s at %s", words.text[0] ? ", kernel panic" : "Kernel panic",
		    SPAN(timeline_at(timeline, timeline->state->since_usec)));
	return words;
}

unsigned timeline_notes(const struct timeline *timeline,
                        struct timeline_words notes[TIMELINE_NOTES_MAX])
{
	unsigned no_room = timeline->state->facts.lost[STATE_UNIT];
	unsigned count = 0;

	memset(notes, 0, TIMELINE_NOTES_MAX * sizeof(*notes));
	notes[count++] = held(timeline);
	notes[count] = lost(timeline->state);
	if (notes[count].text[0])
		count++;
	notes[count] = stop(timeline);
	if (notes[count].text[0])
		count++;
	if (no_room)
		add(&notes[count++], "%u announcements of units more, for which there was no room",
		    no_room);
	if (timeline->outcome != TIMELINE_READY && timeline->state->status[0])
		add(&notes[count++], "Its last word: %s",
		    timeline_label(timeline->state->status).text);
	return count;
}
