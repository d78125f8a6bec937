/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: whole lines on standard error.
 *
 * A line never blocks the loop: where standard error takes none at the moment (a full pipe to a
 * reader that has stopped), it is dropped and counted, and the count is said with the next line
 * that gets through. Control characters and everything that is not ASCII text are escaped, so a
 * guest's bytes may be passed for %s (never as the format). Lines a guest can cause go through
 * log_limited(), which lets a burst through per call site and counts the rest.
 *
 * Where standard error is the journal (systemd.exec(5), $JOURNAL_STREAM) a line starts with <N>,
 * sd-daemon(3)'s priority; otherwise with the program's name.
 *
 * From log_name_vm() on, the journal gets entries with fields in place of lines (journal.h), but for errors: a
 * process may end right after one, and of an entry the journal would not find the unit any more. An entry that
 * cannot be sent is written as a line.
 */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "include/vsock-notify-plugin.h"
#include "journal.h"
#include "rate.h"

/* Sets the most verbose level that is written; VSN_LOG_INFO until then. */
void log_set_level(int level);
bool log_enabled(int level);

/* Whether an error line has been written, or was to be. */
bool log_has_error(void);

/* Finds out whether standard error is the journal. */
void log_open(void);

/* What follows is of that VM, and, where standard error is the journal, said in entries with fields. */
void log_name_vm(const char *vm);

/* Waits for the journal to have read what it was sent, LOG_FINISH_MSEC at most. What follows is lines. */
void log_finish(void);
#define LOG_FINISH_MSEC 2000

void log_line(int level, const char *format, ...) VSN_PRINTF(2, 3);

/* A line that is an entry with these fields where entries are sent; they are left out elsewhere. */
void log_entry(int level, const struct journal_field *fields, unsigned count, const char *format,
               va_list arguments) VSN_PRINTF(4, 0);

/* What a call site has written lately. Zero-initialise. */
struct log_limit {
	struct rate rate;
	uint32_t left_out;
};

/* A call site may write LOG_BURST lines at once, then one each LOG_INTERVAL_USEC. */
#define LOG_BURST         200
#define LOG_INTERVAL_USEC UINT64_C(500000)

/*
 * Counts a line against the limit. Returns false where it is not to be written; true otherwise,
 * with the number of lines left out since the last one written in *left_out. Pure but for *limit.
 */
bool log_limit_pass(struct log_limit *limit, uint64_t now_usec, uint32_t *left_out);

/* log_limit_pass() for now; where it passes, the number of lines that were left out is said first. */
bool log_limit_say(struct log_limit *limit, int level);

void log_line_limited(struct log_limit *limit, int level, const char *format, ...) VSN_PRINTF(3, 4);

#define log_error(...)   log_line(VSN_LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(VSN_LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(VSN_LOG_INFO, __VA_ARGS__)
#define log_debug(...)                                        \
	do {                                                  \
		if (log_enabled(VSN_LOG_DEBUG))               \
			log_line(VSN_LOG_DEBUG, __VA_ARGS__); \
	} while (0)

/* For lines that a guest can cause: a rate limit of its own at each place it is written. */
#define log_limited(level, ...)                                    \
	do {                                                       \
		static struct log_limit limit_here;                \
		log_line_limited(&limit_here, level, __VA_ARGS__); \
	} while (0)

#endif
