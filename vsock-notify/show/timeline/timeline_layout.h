/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where things are in the picture of a boot. The names of rows have a column of their own. The times of a bar are right of it, or
 * left of it if they would otherwise cross the line of the outcome or the edge. The real widths of texts are not known,
 * only their greatest ones (timeline_label.h); so in any sans-serif font no text covers another or is cut. Pure.
 */
#ifndef TIMELINE_LAYOUT_H
#define TIMELINE_LAYOUT_H

#include "show/show_span.h"
#include "svg.h"
#include "timeline_model.h"
#include "timeline_scale.h"

#define LAYOUT_WIDTH  920
#define LAYOUT_MARGIN 28

#define LAYOUT_NAME_SIZE  13
#define LAYOUT_TIME_SIZE  12
#define LAYOUT_TITLE_SIZE 17

#define LAYOUT_ROW  24
#define LAYOUT_BAR  10
#define LAYOUT_LANE 30 /* the highest bar of held time */
/* Is printed before the time of a row that is beyond the picture's end. */
#define LAYOUT_BEYOND "later, at "

#define LAYOUT_TICK_SPACE 90

struct timeline_layout {
	unsigned rows;  /* drawn ones: those for which timeline_layout_shows() is true */
	unsigned names; /* width of the column of names */
	struct timeline_scale scale;
	double mark; /* x of the line of the outcome */
};

/* A row's bar, and the text beside it. */
struct timeline_place {
	double bar_left, bar_right;
	double text_x;
	enum svg_anchor anchor;
	struct show_span at;
	char step[SHOW_SPAN_MAX + 8]; /* empty if it would be the same as at */
};

void timeline_layout_make(struct timeline_layout *layout, const struct timeline *timeline);

/* Whether the row is drawn. The shutdown of a guest that had been ready is not. */
bool timeline_layout_shows(const struct timeline_row *row);

/* Returns whether the text has room. */
bool timeline_layout_place(const struct timeline_layout *layout, const struct timeline_row *row,
                           struct timeline_place *place);

#endif
