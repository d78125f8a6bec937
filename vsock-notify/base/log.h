/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: whole lines on standard error.
 *
 * Writing a line never blocks the loop. If standard error takes nothing at the moment (a full pipe to a reader that has
 * stopped), the line is dropped and counted, and the next line that is written says how many were lost. Control characters
 * and everything that is not ASCII text are escaped, so bytes from a guest may be passed for %s (never as the format). Lines
 * that a guest can cause are written with log_limited() (log_limit.h).
 *
 * If standard error is the journal (systemd.exec(5), $JOURNAL_STREAM), a line begins with its priority as "<N>",
 * sd-daemon(3). Otherwise it begins with the program's name.
 *
 * After log_name_vm() the journal gets entries with fields in place of lines (journal.h). Errors stay lines: the process may
 * exit right after an error, and journald cannot attribute an entry whose sender has exited. If an entry cannot be sent, it is
 * written as a line.
 */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>
#include <stdbool.h>

#include "include/vsock-notify-plugin.h"
#include "journal_entry.h"
#include "log_limit.h"

/* Sets the least severe level that is written. The default is VSN_LOG_INFO. */
void log_set_level(int level);
bool log_enabled(int level);

/* Finds out whether standard error is the journal. */
void log_open(void);

/* From here on the lines are about this VM. If standard error is the journal, they become entries with fields. */
void log_name_vm(const char *vm);

/* Waits until the journal has read all entries, LOG_FINISH_MSEC at most. From here on the log writes lines. */
void log_finish(void);
#define LOG_FINISH_MSEC 2000

void log_line(int level, const char *format, ...) VSN_PRINTF(2, 3);

/* Logs a line with fields for the journal. The fields are left out if it is not sent as an entry. */
void log_entry(int level, const struct journal_field *fields, unsigned count, const char *format,
               va_list arguments) VSN_PRINTF(4, 0);

#define log_error(...)   log_line(VSN_LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(VSN_LOG_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(VSN_LOG_INFO, __VA_ARGS__)
#define log_debug(...)                                        \
	do {                                                  \
		if (log_enabled(VSN_LOG_DEBUG))               \
			log_line(VSN_LOG_DEBUG, __VA_ARGS__); \
	} while (0)

#endif
