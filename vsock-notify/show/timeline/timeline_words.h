/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of a table and a picture of a boot. Pure. They are safe to show: texts of guests are labels (timeline_label.h). */
#ifndef TIMELINE_WORDS_H
#define TIMELINE_WORDS_H

#include "timeline_label.h"
#include "timeline_model.h"

struct timeline_words {
	char text[2 * TIMELINE_LABEL_MAX + 128];
};

/* "vm: ready after 22.931s" */
struct timeline_words timeline_headline(const struct timeline *timeline);

/* When the boot began, and how long its two parts took. */
struct timeline_words timeline_parts(const struct timeline *timeline);

#define TIMELINE_NOTES_MAX 5

/*
 * What is to be printed below the steps: how long notifications held the guest; how many messages were lost; the shutdown, if
 * there was one; how many units found no room in the state; the last status text of a guest that is not ready. Returns how many
 * notes there are, 1 or more.
 */
unsigned timeline_notes(const struct timeline *timeline,
                        struct timeline_words notes[TIMELINE_NOTES_MAX]);

#endif
