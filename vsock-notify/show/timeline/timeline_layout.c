/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are in the picture of a boot (see timeline_layout.h). */
#include "timeline_layout.h"

#include <stdio.h>

#include "timeline_label.h"

#define NAMES_LEAST 100 /* "guest held" takes 76 */
#define NAMES_MOST  270

#define GAP       8 /* between a text and its neighbour */
#define BAR_LEAST 2

bool timeline_layout_shows(const struct timeline_row *row)
{
	return !(row->beyond && row->kind == TIMELINE_STOP);
}

static void write_times(struct timeline_place *place, const struct timeline_row *row)
{
	place->at = show_span(row->end);
	place->step[0] = '\0';
	if (row->begin > 0 && !row->beyond)
		snprintf(place->step, sizeof(place->step), "  +%s",
		         show_span(row->end - row->begin).text);
}

static double text_width(const struct timeline_place *place)
{
	return timeline_label_width(place->at.text, LAYOUT_TIME_SIZE) +
	       timeline_label_width(place->step, LAYOUT_TIME_SIZE);
}

static bool is_between(double x, double left, double right)
{
	return x > left && x < right;
}

/* A row beyond the end has no bar. Its text is at the end, left of the mark if there is room. */
static bool place_beyond(const struct timeline_layout *layout, struct timeline_place *place)
{
	double width = text_width(place) + timeline_label_width(LAYOUT_BEYOND, LAYOUT_TIME_SIZE);
	double end = layout->mark < layout->scale.right ? layout->mark : layout->scale.right;
	bool before = end - GAP - width >= layout->scale.left;

	place->text_x = before ? end - GAP : end + GAP;
	place->anchor = before ? SVG_END : SVG_START;
	return true;
}

/* Right of the bar; right of the mark, if the mark would cross the text. */
static double behind(const struct timeline_layout *layout, const struct timeline_place *place,
                     double width)
{
	double x = place->bar_right + GAP;

	return is_between(layout->mark, x - 2, x + width) ? layout->mark + GAP : x;
}

/* Returns whether the text has room. */
static bool place_text(const struct timeline_layout *layout, struct timeline_place *place)
{
	double width = text_width(place);
	double x = behind(layout, place, width);
	double left = place->bar_left - GAP - width;
	bool before =
		left >= layout->scale.left && !is_between(layout->mark, left, place->bar_left);
	bool room = x + width <= LAYOUT_WIDTH - LAYOUT_MARGIN;

	/* If possible, not on the other side of the mark, and not right behind a bar that ends at the mark. */
	if (before && (!room || is_between(layout->mark, place->bar_right - 1, x + width))) {
		place->text_x = place->bar_left - GAP;
		place->anchor = SVG_END;
		return true;
	}
	place->text_x = x;
	place->anchor = SVG_START;
	return room;
}

bool timeline_layout_place(const struct timeline_layout *layout, const struct timeline_row *row,
                           struct timeline_place *place)
{
	write_times(place, row);
	place->bar_left = timeline_scale_at(&layout->scale, row->begin);
	place->bar_right = timeline_scale_at(&layout->scale, row->end);
	/* A step that is too short to be seen gets a bar that ends at its time. */
	if (place->bar_right - place->bar_left < BAR_LEAST) {
		place->bar_left = place->bar_right - BAR_LEAST;
		if (place->bar_left < layout->scale.left) {
			place->bar_left = layout->scale.left;
			place->bar_right = place->bar_left + BAR_LEAST;
		}
	}
	return row->beyond ? place_beyond(layout, place) : place_text(layout, place);
}

static void set_axis(struct timeline_layout *layout, const struct timeline *timeline, double gutter)
{
	layout->scale.left = LAYOUT_MARGIN + layout->names + 2 * GAP;
	layout->scale.right = LAYOUT_WIDTH - LAYOUT_MARGIN - gutter;
	layout->scale.end_usec = timeline->end;
	layout->mark = timeline_scale_at(&layout->scale, timeline->outcome_at);
}

/* The axis goes to the edge if all texts have room beside their bars; otherwise it leaves room for the widest. */
static void make_axis(struct timeline_layout *layout, const struct timeline *timeline)
{
	double widest = 0;
	bool room = true;

	set_axis(layout, timeline, GAP);
	for (unsigned i = 0; i < timeline->row_count; i++) {
		struct timeline_place at;

		if (!timeline_layout_shows(&timeline->rows[i]))
			continue;
		room = timeline_layout_place(layout, &timeline->rows[i], &at) && room;
		widest = widest > text_width(&at) ? widest : text_width(&at);
	}
	if (!room)
		set_axis(layout, timeline, widest + GAP);
}

void timeline_layout_make(struct timeline_layout *layout, const struct timeline *timeline)
{
	unsigned names = NAMES_LEAST;

	layout->rows = 0;
	for (unsigned i = 0; i < timeline->row_count; i++) {
		struct timeline_label name = timeline_label(timeline->rows[i].name);
		unsigned width = timeline_label_width(name.text, LAYOUT_NAME_SIZE);

		if (!timeline_layout_shows(&timeline->rows[i]))
			continue;
		layout->rows++;
		names = names > width ? names : width;
	}
	layout->names = names < NAMES_MOST ? names : NAMES_MOST;
	make_axis(layout, timeline);
}
