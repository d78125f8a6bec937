/* SPDX-License-Identifier: Apache-2.0 */
/* Durations as text (see show_span.h). */
#include "show_span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define USEC_PER_MINUTE (60 * USEC_PER_SEC)
#define USEC_PER_HOUR   (60 * USEC_PER_MINUTE)
#define USEC_PER_DAY    (24 * USEC_PER_HOUR)

/* Prints two units, the second only if it is not 0. */
static void put_two(char *out, uint64_t first, const char *unit, uint64_t second,
                    const char *second_unit)
{
	int used = snprintf(out, SHOW_SPAN_MAX, "%" PRIu64 "%s", first, unit);

	if (second > 0)
		snprintf(out + used, SHOW_SPAN_MAX - (size_t)used, " %" PRIu64 "%s", second,
		         second_unit);
}

/* Prints thousandths of a unit with at most so many decimals, and without zeros at the end. */
static void put_decimal(char *out, uint64_t thousandths, unsigned decimals, const char *unit)
{
	char digits[4];
	int whole = snprintf(out, SHOW_SPAN_MAX, "%" PRIu64, thousandths / 1000);

	snprintf(digits, sizeof(digits), "%03u", (unsigned)(thousandths % 1000));
	while (decimals > 0 && digits[decimals - 1] == '0')
		decimals--;
	snprintf(out + whole, SHOW_SPAN_MAX - (size_t)whole, "%s%.*s%s", decimals ? "." : "",
	         (int)decimals, digits, unit);
}

struct show_span show_span(uint64_t usec)
{
	struct show_span span = {"0"};
	char *out = span.text;

	if (usec == 0)
		return span;
	if (usec < USEC_PER_MSEC) {
		put_decimal(out, usec * 1000, 0, "us");
	} else if (usec < USEC_PER_SEC) {
		put_decimal(out, usec, usec < 10000 ? 2 : usec < 100000 ? 1 : 0, "ms");
	} else if (usec < USEC_PER_MINUTE) {
		put_decimal(out, usec / 1000, 3, "s");
	} else if (usec < USEC_PER_HOUR) {
		uint64_t rest = usec % USEC_PER_MINUTE / 1000;

		put_two(out, usec / USEC_PER_MINUTE, "min", 0, "");
		if (rest >= 100) {
			strcat(out, " ");
			put_decimal(out + strlen(out), rest, 1, "s");
		}
	} else if (usec < USEC_PER_DAY) {
		put_two(out, usec / USEC_PER_HOUR, "h", usec % USEC_PER_HOUR / USEC_PER_MINUTE,
		        "min");
	} else {
		put_two(out, usec / USEC_PER_DAY, "d", usec % USEC_PER_DAY / USEC_PER_HOUR, "h");
	}
	return span;
}
