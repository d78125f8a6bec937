/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where things are in the picture of a boot. Names stand in a column of their own; a bar's times stand behind it, or before it where they
 * would cross the line of readiness or the edge. Widths of text are not known here, only what they are at
 * most (timeline_label.h): no text is over another, or cut, whatever sans-serif it is shown in. Pure.
 */
#ifndef TIMELINE_LAYOUT_H
#define TIMELINE_LAYOUT_H

#include "svg.h"
#include "timeline_model.h"
#include "timeline_scale.h"
#include "timeline_span.h"

#define LAYOUT_WIDTH  920
#define LAYOUT_MARGIN 28

#define LAYOUT_NAME_SIZE  13
#define LAYOUT_TIME_SIZE  12
#define LAYOUT_TITLE_SIZE 17

#define LAYOUT_ROW  24
#define LAYOUT_BAR  10
#define LAYOUT_LANE 30 /* the highest bar of held time */
/* Before the time of what came after all that is drawn. */
#define LAYOUT_BEYOND "later, at "

#define LAYOUT_TICK_SPACE 90

struct timeline_layout {
	unsigned rows;  /* that are drawn: which is timeline_layout_shows() */
	unsigned names; /* width of their column */
	struct timeline_scale scale;
	double mark; /* where the outcome is */
};

/* A row's bar, and what stands beside it. */
struct timeline_place {
	double bar_left, bar_right;
	double text_x;
	enum svg_anchor anchor;
	struct timeline_span at;
	char step[TIMELINE_SPAN_MAX + 8]; /* empty where it would say the same */
};

void timeline_layout_make(struct timeline_layout *layout, const struct timeline *timeline);

/* The way down of a guest that had been ready is not. */
bool timeline_layout_shows(const struct timeline_row *row);

void timeline_layout_place(const struct timeline_layout *layout, const struct timeline_row *row,
                           struct timeline_place *place);

#endif
