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

/* How long notifications held the guest. */
struct timeline_words timeline_held_words(const struct timeline *timeline);

/* The shutdown; empty if there was none. The functions below return an empty text likewise. */
struct timeline_words timeline_stop_words(const struct timeline *timeline);

/* How many units found no room in the state. */
struct timeline_words timeline_lost_words(const struct timeline *timeline);

/* The last status text of a guest that is not ready. */
struct timeline_words timeline_status_words(const struct timeline *timeline);

#endif
