/* SPDX-License-Identifier: Apache-2.0 */
/* Times of a state as dates (see show_time.h). */
#include "show_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define DAY_USEC (24 * 3600 * USEC_PER_SEC)

typedef struct tm *(*date_function)(const time_t *seconds, struct tm *tm);

/* Returns false if the time is after the year 9999. */
static bool to_date(const struct state *state, uint64_t usec, date_function convert, struct tm *tm)
{
	const uint64_t end = UINT64_C(253402300799) * USEC_PER_SEC; /* of the year 9999 */
	time_t seconds;

	if (usec > end || state->realtime_usec > end - usec)
		return false;
	seconds = (time_t)((state->realtime_usec + usec) / USEC_PER_SEC);
	return convert(&seconds, tm) != NULL;
}

void show_rfc3339(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec)
{
	char text[SHOW_TIME_MAX / 2];
	struct tm tm;

	*out = '\0';
	if (to_date(state, usec, gmtime_r, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) > 0)
		snprintf(out, SHOW_TIME_MAX, "%s.%06uZ", text,
		         (unsigned)((state->realtime_usec + usec) % USEC_PER_SEC));
}

void show_local(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec)
{
	struct tm tm;

	if (!to_date(state, usec, localtime_r, &tm) ||
	    strftime(out, SHOW_TIME_MAX, "%Y-%m-%d %H:%M:%S %Z", &tm) == 0)
		strcpy(out, "-");
}

void show_short(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec,
                uint64_t now_usec)
{
	bool today = usec <= now_usec && now_usec - usec < DAY_USEC;
	struct tm tm;

	if (!to_date(state, usec, localtime_r, &tm) ||
	    (today ? strftime(out, SHOW_TIME_MAX, "%H:%M:%S", &tm)
	           : strftime(out, SHOW_TIME_MAX, "%Y-%m-%d", &tm)) == 0)
		strcpy(out, "-");
}
