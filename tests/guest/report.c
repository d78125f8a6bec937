/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each notification, printed when the script is over. */
#include "report.h"

#include <stddef.h>

#include "serial.h"

/* Printing takes longer than a notification, so lines are kept until the end, or this many. */
#define NOTES_KEPT 4096

struct note {
	enum verdict verdict;
	uint32_t held_usec;
};

static const char *const verdict_names[VERDICTS] = {
	[VERDICT_OK] = "ok",           [VERDICT_EARLY] = "early",   [VERDICT_REFUSED] = "refused",
	[VERDICT_TIMEOUT] = "timeout", [VERDICT_EPROTO] = "eproto", [VERDICT_IGNORED] = "ignored",
};

static struct note notes[NOTES_KEPT];
static uint32_t kept;
static uint32_t printed;
static uint32_t worst_usec;
static uint32_t verdict_counts[VERDICTS];

static void print_value(const char *name, uint32_t value)
{
	serial_text(name);
	serial_number(value);
}

static void print_kept(void)
{
	for (uint32_t i = 0; i < kept; i++) {
		print_value("note ", ++printed);
		print_value(" held=", notes[i].held_usec);
		serial_text(" ");
		serial_text(verdict_names[notes[i].verdict]);
		serial_text("\n");
	}
	kept = 0;
}

void report_note(enum verdict verdict, uint64_t held_usec)
{
	uint32_t held = held_usec > UINT32_MAX ? UINT32_MAX : (uint32_t)held_usec;

	if (kept == NOTES_KEPT)
		print_kept();
	notes[kept++] = (struct note){.verdict = verdict, .held_usec = held};
	verdict_counts[verdict]++;
	if (held > worst_usec)
		worst_usec = held;
}

void report_print(void)
{
	print_kept();
	print_value("done notes=", printed);
	print_value(" worst=", worst_usec);
	print_value(" early=", verdict_counts[VERDICT_EARLY]);
	print_value(" ignored=", verdict_counts[VERDICT_IGNORED]);
	print_value(" failed=", verdict_counts[VERDICT_REFUSED] + verdict_counts[VERDICT_TIMEOUT] +
	                                verdict_counts[VERDICT_EPROTO]);
	serial_text("\n");
}
