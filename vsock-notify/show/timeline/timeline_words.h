/* SPDX-License-Identifier: Apache-2.0 */
/* What a table and a picture of a boot say in words. Pure, safe to be shown: guests' texts are labels (timeline_label.h). */
#ifndef TIMELINE_WORDS_H
#define TIMELINE_WORDS_H

#include "timeline_label.h"
#include "timeline_model.h"

struct timeline_words {
	char text[2 * TIMELINE_LABEL_MAX + 128];
};

/* "vm: ready after 22.931s" */
struct timeline_words timeline_headline(const struct timeline *timeline);

/* When it began, and its two parts. */
struct timeline_words timeline_parts(const struct timeline *timeline);

/* How long notifications held the guest. */
struct timeline_words timeline_held_words(const struct timeline *timeline);

/* The way down; empty where there was none, as all that follow are. */
struct timeline_words timeline_stop_words(const struct timeline *timeline);

/* Units of which nothing more is known. */
struct timeline_words timeline_lost_words(const struct timeline *timeline);

/* What a guest that is not ready said last. */
struct timeline_words timeline_status_words(const struct timeline *timeline);

#endif
