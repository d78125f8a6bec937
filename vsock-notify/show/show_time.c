/* SPDX-License-Identifier: Apache-2.0 */
/* Times of a state as dates (see show_time.h). */
#include "show_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define DAY_USEC (24 * 3600 * USEC_PER_SEC)

/* Converts to the time since 1970. Returns false if it is after the year 9999. */
static bool to_real(const struct state *state, uint64_t usec, time_t *seconds, unsigned *fraction)
{
	const uint64_t end = UINT64_C(253402300799) * USEC_PER_SEC; /* of the year 9999 */

	if (usec > end || state->realtime_usec > end - usec)
		return false;
	usec += state->realtime_usec;
	*seconds = (time_t)(usec / USEC_PER_SEC);
	*fraction = (unsigned)(usec % USEC_PER_SEC);
	return true;
}

void show_rfc3339(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec)
{
	char text[SHOW_TIME_MAX / 2];
	struct tm tm;
	unsigned fraction;
	time_t seconds;

	*out = '\0';
	if (!to_real(state, usec, &seconds, &fraction) || !gmtime_r(&seconds, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return;
	snprintf(out, SHOW_TIME_MAX, "%s.%06uZ", text, fraction);
}

static bool to_local(const struct state *state, uint64_t usec, struct tm *tm)
{
	unsigned fraction;
	time_t seconds;

	return to_real(state, usec, &seconds, &fraction) && localtime_r(&seconds, tm);
}

void show_local(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec)
{
	struct tm tm;

	if (!to_local(state, usec, &tm) ||
	    strftime(out, SHOW_TIME_MAX, "%Y-%m-%d %H:%M:%S %Z", &tm) == 0)
		strcpy(out, "-");
}

void show_short(char out[SHOW_TIME_MAX], const struct state *state, uint64_t usec,
                uint64_t now_usec)
{
	bool today = usec <= now_usec && now_usec - usec < DAY_USEC;
	struct tm tm;

	if (!to_local(state, usec, &tm) ||
	    (today ? strftime(out, SHOW_TIME_MAX, "%H:%M:%S", &tm)
	           : strftime(out, SHOW_TIME_MAX, "%Y-%m-%d", &tm)) == 0)
		strcpy(out, "-");
}
