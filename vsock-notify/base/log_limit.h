/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rate limit for log lines that a guest can cause. Each call site has its own: it may write LOG_BURST lines at once, and
 * then one line in each LOG_INTERVAL_USEC. Lines over the limit are counted, and the next line that is written is preceded by
 * one with the count.
 */
#ifndef LOG_LIMIT_H
#define LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"
#include "rate.h"

#define LOG_BURST         200
#define LOG_INTERVAL_USEC UINT64_C(500000)

/* What one call site has written lately. Zero-initialise. */
struct log_limit {
	struct rate rate;
	uint32_t left_out; /* lines since the last one that was written */
};

/*
 * Counts a line against the limit. Returns whether it may be written; if so, *left_out becomes the number of lines that were
 * left out before it. Changes nothing but *limit and *left_out.
 */
bool log_limit_pass(struct log_limit *limit, uint64_t now_usec, uint32_t *left_out);

/* As log_limit_pass() for the present time. If the line may be written, logs how many were left out before it, if any. */
bool log_limit_say(struct log_limit *limit, int level);

/* Logs a line unless it is over the limit. A line whose level is not written is not counted. */
void log_line_limited(struct log_limit *limit, int level, const char *format, ...) VSN_PRINTF(3, 4);

/* log_line_limited() with a limit for this call site. */
#define log_limited(level, ...)                                    \
	do {                                                       \
		static struct log_limit limit_here;                \
		log_line_limited(&limit_here, level, __VA_ARGS__); \
	} while (0)

#endif
