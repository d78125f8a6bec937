/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a boot as a table (see timeline_views.h). */
#include "timeline_views.h"

#include "show/show_span.h"
#include "timeline_model.h"
#include "timeline_words.h"

/* previous: when the step began, TIMELINE_NEVER if it is no step. held: TIMELINE_NEVER if it is no notification. */
static void print_line(FILE *out, uint64_t at, uint64_t previous, uint64_t held, const char *what)
{
	struct show_span step = {"-"};
	struct show_span hold = {"-"};

	if (previous != TIMELINE_NEVER)
		step = show_span(at > previous ? at - previous : 0);
	if (held != TIMELINE_NEVER)
		hold = show_span(held);
	fprintf(out, "%12s %12s %9s  %s\n", show_span(at).text, step.text, hold.text, what);
}

static const char *what_row_is(const struct timeline_row *row, struct timeline_label *label)
{
	if (row->kind == TIMELINE_START)
		return "first word";
	*label = timeline_label(row->name);
	return label->text;
}

/* Prints the lost messages from *next on, up to this time. */
static void print_lost(const struct timeline *timeline, unsigned *next, uint64_t up_to, FILE *out)
{
	const struct state *state = timeline->state;

	for (; *next < state->lost_count; ++*next) {
		uint64_t at = timeline_at(timeline, state->lost_usec[*next]);

		if (at > up_to)
			return;
		print_line(out, at, TIMELINE_NEVER, TIMELINE_NEVER, "a message was lost");
	}
}

/* The outcome comes after the rows with the same time, because they have caused it. */
static void print_rows(const struct timeline *timeline, FILE *out)
{
	bool told = timeline->outcome == TIMELINE_PENDING;
	uint64_t previous = 0;
	unsigned lost = 0;

	for (unsigned i = 0; i <= timeline->row_count; i++) {
		const struct timeline_row *row = &timeline->rows[i];
		bool more = i < timeline->row_count;
		struct timeline_label label;

		if (!told && (!more || row->end > timeline->outcome_at)) {
			print_lost(timeline, &lost, timeline->outcome_at, out);
			print_line(out, timeline->outcome_at, previous, TIMELINE_NEVER,
			           timeline_outcome_name(timeline->outcome));
			told = true;
		}
		if (more) {
			print_lost(timeline, &lost, row->end, out);
			print_line(out, row->end, row->begin, row->held, what_row_is(row, &label));
			previous = row->end;
		}
	}
	print_lost(timeline, &lost, UINT64_MAX, out);
}

void timeline_print(const struct state *state, FILE *out)
{
	struct timeline_words notes[TIMELINE_NOTES_MAX];
	struct timeline timeline;
	unsigned count;

	timeline_make(&timeline, state);
	fprintf(out, "%s\n%s\n", timeline_headline(&timeline).text, timeline_parts(&timeline).text);
	fprintf(out, "\n%12s %12s %9s  %s\n", "AT", "STEP", "HELD", "WHAT");
	print_rows(&timeline, out);
	fputc('\n', out);
	count = timeline_notes(&timeline, notes);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s\n", notes[i].text);
}
