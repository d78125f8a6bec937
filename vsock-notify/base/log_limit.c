/* SPDX-License-Identifier: Apache-2.0 */
/* A rate limit for log lines (see log_limit.h). */
#include "log_limit.h"

#include <stdarg.h>

#include "clock.h"
#include "log.h"

bool log_limit_pass(struct log_limit *limit, uint64_t now_usec, uint32_t *left_out)
{
	static const struct rate_rule rule = {LOG_BURST, LOG_INTERVAL_USEC};

	if (!rate_pass(&limit->rate, &rule, now_usec)) {
		limit->left_out++;
		return false;
	}
	*left_out = limit->left_out;
	limit->left_out = 0;
	return true;
}

bool log_limit_say(struct log_limit *limit, int level)
{
	uint32_t left_out;

	if (!log_limit_pass(limit, now_usec(), &left_out))
		return false;
	if (left_out)
		log_line(level, "%u more lines like the next one were left out", left_out);
	return true;
}

void log_line_limited(struct log_limit *limit, int level, const char *format, ...)
{
	va_list arguments;

	if (!log_enabled(level) || !log_limit_say(limit, level))
		return;
	va_start(arguments, format);
	log_entry(level, NULL, 0, format, arguments);
	va_end(arguments);
}
