/* SPDX-License-Identifier: Apache-2.0 */
/* Parses numbers and times (see parse.h). */
#include "parse.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "macros.h"

/* Reads digits from *text on and moves *text behind them. Returns 0, -EINVAL if there is no digit, or -ERANGE. */
static int read_digits(const char **text, unsigned base, uint64_t *value)
{
	const char *digit = *text;
	uint64_t result = 0;

	for (; *digit >= '0' && *digit < (char)('0' + base); digit++) {
		if (__builtin_mul_overflow(result, base, &result) ||
		    __builtin_add_overflow(result, (uint64_t)(*digit - '0'), &result))
			return -ERANGE;
	}
	if (digit == *text)
		return -EINVAL;
	*text = digit;
	*value = result;
	return 0;
}

int parse_u64(const char *text, uint64_t *value)
{
	int r = read_digits(&text, 10, value);

	if (r < 0)
		return r;
	return *text ? -EINVAL : 0;
}

int parse_u32(const char *text, uint32_t low, uint32_t high, uint32_t *value)
{
	uint64_t number;
	int r = parse_u64(text, &number);

	if (r < 0)
		return r;
	if (number < low || number > high)
		return -ERANGE;
	*value = (uint32_t)number;
	return 0;
}

int parse_mode(const char *text, unsigned *mode)
{
	uint64_t value;
	int r = read_digits(&text, 8, &value);

	if (r < 0)
		return r;
	if (*text)
		return -EINVAL;
	if (value > 0777)
		return -ERANGE;
	*mode = (unsigned)value;
	return 0;
}

int parse_timespan(const char *text, uint64_t *usec)
{
	static const struct {
		const char *name;
		uint64_t usec;
	} units[] = {
		{"", USEC_PER_SEC},         {"us", 1}, {"ms", USEC_PER_MSEC}, {"s", USEC_PER_SEC},
		{"min", 60 * USEC_PER_SEC},
	};
	uint64_t number;
	int r = read_digits(&text, 10, &number);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(text, units[i].name) != 0)
			continue;
		if (number > TIMESPAN_MAX_USEC / units[i].usec)
			return -ERANGE;
		*usec = number * units[i].usec;
		return 0;
	}
	return -EINVAL;
}
