/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a boot as a picture (see timeline_views.h). timeline_words.c has its texts, timeline_layout.c where things are. */
#include "timeline_views.h"

#include "timeline_label.h"
#include "timeline_layout.h"
#include "timeline_style.h"
#include "timeline_words.h"

/* From the top down: the baselines of texts, and the top of the rows. */
#define TITLE_Y 44
#define PARTS_Y 66
#define MARK_Y  98
#define TICK_Y  118
#define AXIS_Y  126
#define ROWS_Y  132

#define LANE_GAP   12
#define NOTE_SPACE 20
#define BASELINE   16 /* of a row's text, below its top */

/* A picture that is being drawn. */
struct drawing {
	FILE *out;
	const struct timeline *timeline;
	struct timeline_layout layout;
	double lane_top; /* below the rows */
	double height;
	struct timeline_words notes[TIMELINE_NOTES_MAX];
	unsigned first_note, note_count;
};

static void measure(struct drawing *drawing)
{
	const struct timeline *timeline = drawing->timeline;

	timeline_layout_make(&drawing->layout, timeline);
	drawing->note_count = timeline_notes(timeline, drawing->notes);
	/* Without a lane of notifications, the note about them would say nothing. */
	drawing->first_note = timeline->held_count > 0 ? 0 : 1;
	drawing->lane_top = ROWS_Y + drawing->layout.rows * LAYOUT_ROW;
	drawing->height = drawing->lane_top + LAYOUT_MARGIN +
	                  (drawing->note_count - drawing->first_note) * NOTE_SPACE;
	if (timeline->held_count > 0)
		drawing->height += LANE_GAP + LAYOUT_LANE;
}

/* Screen readers take the picture for an image, so its description repeats all of its texts. */
static void describe(const struct drawing *drawing)
{
	const struct timeline *timeline = drawing->timeline;
	FILE *out = drawing->out;

	fputs("<title id=\"vsn-timeline-title\">", out);
	svg_put_text(out, timeline_headline(timeline).text);
	fputs("</title>\n<desc id=\"vsn-timeline-desc\">", out);
	svg_put_text(out, timeline_parts(timeline).text);
	fputc('.', out);
	for (unsigned i = 0; i < timeline->row_count; i++) {
		const struct timeline_row *row = &timeline->rows[i];
		struct timeline_label name = timeline_label(row->name);

		if (!timeline_layout_shows(row))
			continue;
		fputc(' ', out);
		svg_put_text(out, name.text);
		fprintf(out, " %s %s.", row->kind == TIMELINE_START ? "until" : "at",
		        show_span(row->end).text);
	}
	for (unsigned i = drawing->first_note; i < drawing->note_count; i++) {
		fputc(' ', out);
		svg_put_text(out, drawing->notes[i].text);
		fputc('.', out);
	}
	fputs("</desc>\n", out);
}

static void draw_begin(const struct drawing *drawing)
{
	const struct svg_box paper = {0.5, 0.5, LAYOUT_WIDTH - 1, drawing->height - 1};
	const struct svg_number height = svg_number(drawing->height);
	FILE *out = drawing->out;

	fprintf(out,
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"vsn-timeline\" role=\"img\" "
	        "aria-labelledby=\"vsn-timeline-title vsn-timeline-desc\" width=\"%d\" "
	        "height=\"%s\" viewBox=\"0 0 %d %s\">\n",
	        LAYOUT_WIDTH, height.text, LAYOUT_WIDTH, height.text);
	describe(drawing);
	fputs(timeline_style, out);
	svg_rectangle(out, "paper", paper, 8);
}

/* Draws as much of the text as there is room for. */
static void draw_line_of_text(FILE *out, const char *class, double y, const char *text,
                              unsigned size)
{
	struct timeline_label label = timeline_label(text);

	timeline_label_fit(&label, LAYOUT_WIDTH - 2 * LAYOUT_MARGIN, size);
	svg_text(out, class, LAYOUT_MARGIN, y, SVG_START, label.text, NULL);
}

static void draw_stripes(const struct drawing *drawing)
{
	for (unsigned i = 0; i < drawing->layout.rows; i += 2) {
		const struct svg_box box = {LAYOUT_MARGIN - 8, ROWS_Y + i * LAYOUT_ROW,
		                            LAYOUT_WIDTH - 2 * LAYOUT_MARGIN + 16, LAYOUT_ROW};

		svg_rectangle(drawing->out, "stripe", box, 3);
	}
}

static double lane_bottom(const struct drawing *drawing)
{
	return drawing->lane_top + (drawing->timeline->held_count > 0 ? LANE_GAP + LAYOUT_LANE : 0);
}

static void draw_axis(const struct drawing *drawing)
{
	const struct timeline_scale *scale = &drawing->layout.scale;
	unsigned most = (unsigned)((scale->right - scale->left) / LAYOUT_TICK_SPACE);
	uint64_t step = timeline_scale_step(scale->end_usec, most);
	uint64_t usec = 0;

	for (unsigned i = 0; i <= most && usec <= scale->end_usec; i++, usec += step) {
		double x = timeline_scale_at(scale, usec);

		svg_text(drawing->out, "dim", x, TICK_Y, SVG_MIDDLE, show_span(usec).text, NULL);
		svg_line(drawing->out, "grid", x, AXIS_Y, x, lane_bottom(drawing));
	}
	svg_line(drawing->out, "axis", scale->left, AXIS_Y, scale->right, AXIS_Y);
}

/* The outcome: a line through all rows, and its name above the axis. */
static void draw_mark(const struct drawing *drawing)
{
	static const char *const classes[] = {
		[TIMELINE_READY] = "good",   [TIMELINE_EMERGENCY] = "bad",
		[TIMELINE_PANICKED] = "bad", [TIMELINE_ENDED] = "bad",
		[TIMELINE_PENDING] = "open",
	};
	const struct timeline *timeline = drawing->timeline;
	double x = drawing->layout.mark;
	double half, middle;
	struct timeline_words words = {""};
	char class[16];

	snprintf(words.text, sizeof(words.text), "%s %s", timeline_outcome_name(timeline->outcome),
	         show_span(timeline->outcome_at).text);
	/* Bold text is wider by a tenth. */
	half = timeline_label_width(words.text, LAYOUT_TIME_SIZE) * 1.1 / 2;
	middle = x < LAYOUT_WIDTH - LAYOUT_MARGIN - half ? x : LAYOUT_WIDTH - LAYOUT_MARGIN - half;
	middle = middle > LAYOUT_MARGIN + half ? middle : LAYOUT_MARGIN + half;
	snprintf(class, sizeof(class), "mark %s", classes[timeline->outcome]);
	svg_text(drawing->out, class, middle, MARK_Y, SVG_MIDDLE, words.text, NULL);
	svg_line(drawing->out, classes[timeline->outcome], x, AXIS_Y, x, lane_bottom(drawing));
	svg_circle(drawing->out, classes[timeline->outcome], x, AXIS_Y, 3);
}

static void draw_row(const struct drawing *drawing, const struct timeline_row *row, double y)
{
	static const char *const classes[] = {
		[TIMELINE_START] = "start",
		[TIMELINE_UNIT] = "unit",
		[TIMELINE_STOP] = "stop",
	};
	struct timeline_label name = timeline_label(row->name);
	struct timeline_place place;
	struct svg_box bar = {0, y + (LAYOUT_ROW - LAYOUT_BAR) / 2.0, 0, LAYOUT_BAR};

	timeline_layout_place(&drawing->layout, row, &place);
	timeline_label_fit(&name, drawing->layout.names, LAYOUT_NAME_SIZE);
	svg_text(drawing->out, row->kind == TIMELINE_UNIT ? "name" : "name dim", LAYOUT_MARGIN,
	         y + BASELINE, SVG_START, name.text, NULL);
	if (row->beyond) {
		svg_text(drawing->out, "dim", place.text_x, y + BASELINE, place.anchor,
		         LAYOUT_BEYOND, place.at.text);
		return;
	}
	bar.x = place.bar_left;
	bar.width = place.bar_right - place.bar_left;
	svg_rectangle(drawing->out, classes[row->kind], bar, bar.width < 4 ? 0 : 2);
	svg_text(drawing->out, "time", place.text_x, y + BASELINE, place.anchor, place.at.text,
	         place.step[0] ? place.step : NULL);
}

static void draw_rows(const struct drawing *drawing)
{
	double y = ROWS_Y;

	for (unsigned i = 0; i < drawing->timeline->row_count; i++) {
		if (!timeline_layout_shows(&drawing->timeline->rows[i]))
			continue;
		draw_row(drawing, &drawing->timeline->rows[i], y);
		y += LAYOUT_ROW;
	}
}

/* A thin bar for each notification, at its time, as high as it held the guest. */
static void draw_held(const struct drawing *drawing)
{
	const struct timeline *timeline = drawing->timeline;
	double bottom = lane_bottom(drawing);

	if (timeline->held_count == 0)
		return;
	svg_text(drawing->out, "name dim", LAYOUT_MARGIN, bottom - 4, SVG_START, "guest held",
	         NULL);
	for (unsigned i = 0; i < timeline->held_count; i++) {
		const struct state_held *held = &timeline->state->held[i];
		uint64_t at = timeline_at(timeline, held->accepted_usec);
		double part = timeline->held_max
		                      ? (double)held->held_usec / (double)timeline->held_max
		                      : 0;
		struct svg_box bar = {.x = timeline_scale_at(&drawing->layout.scale, at),
		                      .height = 2 + part * (LAYOUT_LANE - 2)};

		bar.width = timeline_scale_at(&drawing->layout.scale, at + held->held_usec) - bar.x;
		bar.width = bar.width > 1.5 ? bar.width : 1.5;
		bar.y = bottom - bar.height;
		svg_rectangle(drawing->out, "held", bar, 0);
	}
	svg_line(drawing->out, "axis", drawing->layout.scale.left, bottom,
	         drawing->layout.scale.right, bottom);
}

/* A line across the lane for each message that was lost. */
static void draw_lost(const struct drawing *drawing)
{
	const struct timeline *timeline = drawing->timeline;
	double bottom = lane_bottom(drawing);

	for (unsigned i = 0; timeline->held_count > 0 && i < timeline->state->lost_count; i++) {
		uint64_t at = timeline_at(timeline, timeline->state->lost_usec[i]);
		double x = timeline_scale_at(&drawing->layout.scale, at);

		if (at <= timeline->end)
			svg_line(drawing->out, "bad", x, bottom - LAYOUT_LANE, x, bottom);
	}
}

static void draw_notes(const struct drawing *drawing)
{
	double y = lane_bottom(drawing) + NOTE_SPACE + 4;

	for (unsigned i = drawing->first_note; i < drawing->note_count; i++, y += NOTE_SPACE)
		draw_line_of_text(drawing->out, "dim", y, drawing->notes[i].text, LAYOUT_TIME_SIZE);
}

void timeline_svg(const struct state *state, FILE *out)
{
	struct timeline timeline;
	struct drawing drawing = {.out = out, .timeline = &timeline};

	timeline_make(&timeline, state);
	measure(&drawing);
	draw_begin(&drawing);
	draw_line_of_text(out, "title", TITLE_Y, timeline_headline(&timeline).text,
	                  LAYOUT_TITLE_SIZE + 2);
	draw_line_of_text(out, "dim", PARTS_Y, timeline_parts(&timeline).text, LAYOUT_TIME_SIZE);
	draw_stripes(&drawing);
	draw_axis(&drawing);
	draw_mark(&drawing);
	draw_rows(&drawing);
	draw_held(&drawing);
	draw_lost(&drawing);
	draw_notes(&drawing);
	fputs("</svg>\n", out);
}
