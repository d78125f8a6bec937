/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the notifications of each kind: counted, added up and printed. */
#include "stats.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

const char *kind_name(enum kind kind)
{
	static const char *const names[KIND_COUNT] = {
		[KIND_PID1] = "pid1",
		[KIND_PROGRAM] = "programs",
		[KIND_BARRIER] = "barriers",
		[KIND_BAD] = "bad",
	};

	return names[kind];
}

static void keep_held(struct tally *tally, long held_usec)
{
	if (tally->answered == tally->held_room) {
		tally->held_room = tally->held_room ? 2 * tally->held_room : 256;
		tally->held_usec = reallocarray(tally->held_usec, tally->held_room, sizeof(long));
		if (!tally->held_usec) {
			fprintf(stderr,
			        "stand-in: no memory for %zu samples; use a smaller --count\n",
			        tally->held_room);
			exit(1);
		}
	}
	tally->held_usec[tally->answered++] = held_usec;
}

static bool is_failure(enum kind kind, int error)
{
	if (kind == KIND_BAD)
		return error == -EPROTO;
	if (kind == KIND_PID1 && (error == -ENOTCONN || error == -EPROTO))
		return false;
	return error != 0;
}

int tally_count(struct tally *tally, enum kind kind, const struct outcome *outcome)
{
	bool ignored = kind == KIND_PID1 && outcome->error == -EPROTO;

	tally->sent++;
	if (outcome->lost) {
		tally->lost++;
		return 0;
	}
	if (outcome->error == 0 || ignored)
		keep_held(tally, outcome->held_usec);
	tally->early += outcome->error == -ENOTCONN;
	tally->ignored += ignored;
	if (!is_failure(kind, outcome->error))
		return 0;
	tally->failed++;
	return outcome->error;
}

void tally_add(struct tally *into, const struct tally *from)
{
	for (unsigned int i = 0; i < from->answered; i++)
		keep_held(into, from->held_usec[i]);
	into->sent += from->sent;
	into->early += from->early;
	into->ignored += from->ignored;
	into->lost += from->lost;
	into->failed += from->failed;
}

static int compare_long(const void *left, const void *right)
{
	long a = *(const long *)left;
	long b = *(const long *)right;

	return (a > b) - (a < b);
}

static long percentile(const struct tally *tally, unsigned int percent)
{
	size_t rank = (size_t)tally->answered * percent / 100;

	return tally->answered ? tally->held_usec[rank] : 0;
}

void tally_print(struct tally *tally, enum kind kind, FILE *file)
{
	if (tally->answered)
		qsort(tally->held_usec, tally->answered, sizeof(long), compare_long);
	fprintf(file,
	        "%s sent=%u answered=%u early=%u ignored=%u lost=%u failed=%u "
	        "held_median_usec=%ld held_p99_usec=%ld\n",
	        kind_name(kind), tally->sent, tally->answered, tally->early, tally->ignored,
	        tally->lost, tally->failed, percentile(tally, 50), percentile(tally, 99));
}

void tally_free(struct tally *tally)
{
	free(tally->held_usec);
	*tally = (struct tally){0};
}
