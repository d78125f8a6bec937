/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of show/timeline_layout and svg: times stand beside their bars, whatever the boot was like; nothing of a text is markup. */
#include "show/timeline/timeline_layout.h"

#include "harness.h"
#include "show/timeline/timeline_label.h"

#define SEC UINT64_C(1000000)

static struct timeline timeline;
static struct timeline_layout layout;
static struct timeline_place at;

static void row(const char *name, uint64_t begin, uint64_t end)
{
	timeline.rows[timeline.row_count++] = (struct timeline_row){
		.kind = TIMELINE_UNIT, .name = name, .begin = begin, .end = end};
}

/* A boot that was ready at 10 s. */
static void setup(void)
{
	memset(&timeline, 0, sizeof(timeline));
	timeline.outcome = TIMELINE_READY;
	timeline.outcome_at = 10 * SEC;
	timeline.end = 10 * SEC;
}

static double text_width(void)
{
	return timeline_label_width(at.at.text, LAYOUT_TIME_SIZE) +
	       timeline_label_width(at.step, LAYOUT_TIME_SIZE);
}

/* Lays it out, and checks each row's text: in the picture, not over its bar, nor over the mark. */
static void check_all(void)
{
	timeline_layout_make(&layout, &timeline);
	for (unsigned i = 0; i < timeline.row_count; i++) {
		double left, right;

		timeline_layout_place(&layout, &timeline.rows[i], &at);
		left = at.anchor == SVG_START ? at.text_x : at.text_x - text_width();
		right = left + text_width();
		ck_assert_double_ge(left, layout.scale.left);
		ck_assert_double_le(right, LAYOUT_WIDTH - LAYOUT_MARGIN);
		ck_assert(left > at.bar_right || right < at.bar_left);
		ck_assert_double_ge(at.bar_right - at.bar_left, 2);
		ck_assert_double_ge(at.bar_left, layout.scale.left);
		ck_assert(left > layout.mark || right < layout.mark);
	}
}

START_TEST(times_stand_behind_and_near_readiness_before)
{
	row("early.target", 1 * SEC, 2 * SEC);
	row("late.target", 9 * SEC, 10 * SEC);
	check_all();
	timeline_layout_place(&layout, &timeline.rows[0], &at);
	ck_assert_int_eq(at.anchor, SVG_START);
	ck_assert_str_eq(at.at.text, "2s");
	ck_assert_str_eq(at.step, "  +1s");
	timeline_layout_place(&layout, &timeline.rows[1], &at);
	ck_assert_int_eq(at.anchor, SVG_END);
	ck_assert_double_eq(layout.scale.right, LAYOUT_WIDTH - LAYOUT_MARGIN - 8);
}
END_TEST

START_TEST(a_bar_from_end_to_end_leaves_room_behind_it)
{
	row("all.target", 0, 10 * SEC);
	check_all();
	ck_assert_double_lt(layout.scale.right, LAYOUT_WIDTH - LAYOUT_MARGIN - 20);
}
END_TEST

/* Odd times, so that the texts are long. */
START_TEST(every_pair_of_begin_and_end_finds_room)
{
	static const uint64_t step = 987654;

	for (uint64_t begin = 0; begin <= 10; begin++) {
		for (uint64_t end = begin; end <= 10; end++) {
			timeline.row_count = 0;
			row("a.target", begin * step, end * step);
			for (uint64_t mark = 0; mark <= 40; mark++) {
				timeline.outcome_at = mark * SEC / 4;
				check_all();
			}
		}
	}
}
END_TEST

START_TEST(the_column_of_names_is_bounded)
{
	row("a", 0, SEC);
	timeline_layout_make(&layout, &timeline);
	ck_assert_uint_ge(layout.names, timeline_label_width("guest held", LAYOUT_NAME_SIZE));
	row("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", 0, SEC);
	check_all();
	ck_assert_uint_le(layout.names, 300);
}
END_TEST

START_TEST(what_is_beyond_stands_before_the_mark_or_behind_one_at_the_beginning)
{
	row("late.target", 10 * SEC, 90 * SEC);
	timeline.rows[0].beyond = true;
	timeline_layout_make(&layout, &timeline);
	timeline_layout_place(&layout, &timeline.rows[0], &at);
	ck_assert_int_eq(at.anchor, SVG_END);
	ck_assert_double_lt(at.text_x, layout.mark);
	timeline.outcome_at = 0;
	timeline_layout_make(&layout, &timeline);
	timeline_layout_place(&layout, &timeline.rows[0], &at);
	ck_assert_int_eq(at.anchor, SVG_START);
	ck_assert_double_gt(at.text_x, layout.mark);
}
END_TEST

START_TEST(the_way_down_after_readiness_is_not_drawn)
{
	row("a.target", 0, SEC);
	row("shutdown.target", 0, 90 * SEC);
	timeline.rows[1].kind = TIMELINE_STOP;
	timeline.rows[1].beyond = true;
	timeline_layout_make(&layout, &timeline);
	ck_assert_uint_eq(layout.rows, 1);
}
END_TEST

/* What a function of svg.h writes. */
static char written[512];

static void finish(FILE *out)
{
	rewind(out);
	written[fread(written, 1, sizeof(written) - 1, out)] = '\0';
	fclose(out);
}

START_TEST(text_is_never_markup)
{
	FILE *out = tmpfile();

	svg_text(out, "name", 1, 2.25, SVG_END, "<a b='c'>&amp;\"]]>", "<!--");
	finish(out);
	ck_assert_str_eq(written, "<text class=\"name\" x=\"1\" y=\"2.3\" text-anchor=\"end\">"
	                          "&lt;a b=&#39;c&#39;&gt;&amp;amp;&quot;]]&gt;"
	                          "<tspan class=\"dim\">&lt;!--</tspan></text>\n");
	out = tmpfile();
	svg_put_text(out, "</title>");
	finish(out);
	ck_assert_str_eq(written, "&lt;/title&gt;");
}
END_TEST

static const struct {
	double number;
	const char *text;
} numbers[] = {
	{0, "0"},        {1, "1"},       {0.04, "0"},    {0.05, "0.1"},
	{12.34, "12.3"}, {99.96, "100"}, {-0.5, "-0.5"},
};

START_TEST(a_coordinate_has_one_decimal_where_it_needs_one)
{
	ck_assert_str_eq(svg_number(numbers[_i].number).text, numbers[_i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timeline_layout");
	TCase *tcase = harness_case(suite, "timeline_layout");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, times_stand_behind_and_near_readiness_before);
	tcase_add_test(tcase, a_bar_from_end_to_end_leaves_room_behind_it);
	tcase_add_test(tcase, every_pair_of_begin_and_end_finds_room);
	tcase_add_test(tcase, the_column_of_names_is_bounded);
	tcase_add_test(tcase, what_is_beyond_stands_before_the_mark_or_behind_one_at_the_beginning);
	tcase_add_test(tcase, the_way_down_after_readiness_is_not_drawn);
	tcase_add_test(tcase, text_is_never_markup);
	tcase_add_loop_test(tcase, a_coordinate_has_one_decimal_where_it_needs_one, 0,
	                    (int)(sizeof(numbers) / sizeof(numbers[0])));
	return harness_run(suite);
}
