/* SPDX-License-Identifier: Apache-2.0 */
/* Times of a state (see show_time.h). */
#include "show_time.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../shim/util.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static void two_parts(char out[SHOW_TIME_MAX], uint64_t seconds, uint64_t large,
                      const char *large_unit, uint64_t small, const char *small_unit)
{
	uint64_t rest = seconds % large / small;

	if (rest)
		snprintf(out, SHOW_TIME_MAX, "%" PRIu64 "%s %" PRIu64 "%s", seconds / large,
		         large_unit, rest, small_unit);
	else
		snprintf(out, SHOW_TIME_MAX, "%" PRIu64 "%s", seconds / large, large_unit);
}

void show_span(char out[SHOW_TIME_MAX], uint64_t usec)
{
	uint64_t seconds = usec / USEC_PER_SEC;

	if (usec < USEC_PER_MSEC)
		snprintf(out, SHOW_TIME_MAX, "%" PRIu64 "us", usec);
	else if (seconds == 0)
		snprintf(out, SHOW_TIME_MAX, "%" PRIu64 "ms", usec / USEC_PER_MSEC);
	else if (seconds < MINUTE)
		snprintf(out, SHOW_TIME_MAX, "%" PRIu64 ".%03us", seconds,
		         (unsigned)(usec / USEC_PER_MSEC % 1000));
	else if (seconds < HOUR)
		two_parts(out, seconds, MINUTE, "min", 1, "s");
	else if (seconds < DAY)
		two_parts(out, seconds, HOUR, "h", MINUTE, "min");
	else
		two_parts(out, seconds, DAY, "d", HOUR, "h");
}

/* Since 1970. A calendar ends somewhere. */
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
	bool today = usec <= now_usec && now_usec - usec < DAY * USEC_PER_SEC;

	struct tm tm;

	if (!to_local(state, usec, &tm) ||
	    (today ? strftime(out, SHOW_TIME_MAX, "%H:%M:%S", &tm)
	           : strftime(out, SHOW_TIME_MAX, "%Y-%m-%d", &tm)) == 0)
		strcpy(out, "-");
}
